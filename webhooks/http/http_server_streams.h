#pragma once

#include <memory>
#include <utility>

#include <boost/asio.hpp>
#include <boost/asio/ssl.hpp>

#include "webhooks/http/http_server_connection.h"

// The two kinds of stream under a connection. Only http_server_*.cpp include it, because it
// includes all of Asio.

namespace baton {

namespace asio = boost::asio;
using asio::ip::tcp;
using TlsContext = asio::ssl::context;

template <class Self>
auto self_of(Self* self) {
  return std::static_pointer_cast<Self>(self->shared_from_this());
}

class PlainConnection final : public Connection {
 public:
  PlainConnection(ConnectionHost& host, const IpAddress& peer, tcp::socket socket)
      : Connection(host, peer, false), socket_(std::move(socket)) {}
  void open() { begin(); }

 private:
  void start_read(char* to, std::size_t size) override {
    socket_.async_read_some(asio::buffer(to, size),
                            [self = self_of(this)](boost::system::error_code ec, std::size_t n) {
                              self->on_read(!ec, n);
                            });
  }
  void start_write(const char* from, std::size_t size) override {
    asio::async_write(socket_, asio::buffer(from, size),
                      [self = self_of(this)](boost::system::error_code ec, std::size_t) {
                        self->on_written(!ec);
                      });
  }
  void shutdown_send() override {
    boost::system::error_code ignored;
    socket_.shutdown(tcp::socket::shutdown_send, ignored);
  }
  void close_stream() override {
    boost::system::error_code ignored;
    socket_.shutdown(tcp::socket::shutdown_both, ignored);
    socket_.close(ignored);
  }

  tcp::socket socket_;
};

class TlsConnection final : public Connection {
 public:
  TlsConnection(ConnectionHost& host, const IpAddress& peer, tcp::socket socket,
                std::shared_ptr<TlsContext> context)
      : Connection(host, peer, true),
        context_(std::move(context)),
        stream_(std::move(socket), *context_) {}
  void open() {
    expect_handshake();
    stream_.async_handshake(asio::ssl::stream_base::server,
                            [self = self_of(this)](boost::system::error_code ec) {
                              if (self->closed()) return;
                              ec ? self->abort() : self->begin();
                            });
  }

 private:
  void start_read(char* to, std::size_t size) override {
    stream_.async_read_some(asio::buffer(to, size),
                            [self = self_of(this)](boost::system::error_code ec, std::size_t n) {
                              self->on_read(!ec, n);
                            });
  }
  void start_write(const char* from, std::size_t size) override {
    asio::async_write(stream_, asio::buffer(from, size),
                      [self = self_of(this)](boost::system::error_code ec, std::size_t) {
                        self->on_written(!ec);
                      });
  }
  // A close_notify would end reading too. The response contains "Connection: close", and the peer
  // closes.
  void shutdown_send() override {}
  void close_stream() override {
    boost::system::error_code ignored;
    stream_.lowest_layer().shutdown(tcp::socket::shutdown_both, ignored);
    stream_.lowest_layer().close(ignored);
  }

  std::shared_ptr<TlsContext> context_;
  asio::ssl::stream<tcp::socket> stream_;
};

}  // namespace baton
