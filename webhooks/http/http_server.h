#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "adapters/engine/http/http_client.h"
#include "mapping/instant.h"
#include "mapping/result.h"
#include "webhooks/http/client_address.h"

namespace boost::asio {
class io_context;
}

namespace baton {

// An HTTP/1.1 server for requests from the internet. Every wait and every size has a limit, and a
// request that could be read in two ways is refused. Built on Boost.Asio and Boost.Beast.
//
// It has one thread, one io_context, one listening socket (SO_REUSEPORT) and one HttpHandler for
// each core. A handler is used by its own thread only and needs no locks.

// A request. The views point into `head` and are valid while HttpHandler::handle runs, until it
// answers. A handler that answers later must copy what it needs; it may move the body out.
struct HttpIn {
  std::string_view method;
  std::string_view target;  // as sent, without scheme and authority
  std::string_view path, query;
  std::vector<std::pair<std::string_view, std::string_view>> headers;
  std::string body;  // the bytes as sent: chunks joined, content encoding unchanged
  IpAddress client;  // behind trusted proxies, the client that they report
  bool tls = false;
  std::string head;

  std::string_view header(std::string_view name) const;  // the first; "" if it is missing
  int count(std::string_view name) const;
};

struct HttpOut {
  int status = 200;
  std::string content_type = "application/json";
  std::string body;
  Headers headers;     // additional ones; values with CR, LF or NUL are dropped
  bool close = false;  // close the connection after this response
};

// Answers one request, once. Later calls, and calls after the connection was closed, do nothing.
class Responder {
 public:
  struct Target {  // the connection, as far as a response needs it
    virtual ~Target() = default;
    virtual void answer(std::uint64_t exchange, HttpOut out) = 0;
  };
  using Post = std::function<void(std::function<void()>)>;

  Responder(std::weak_ptr<Target> target, std::uint64_t exchange, std::shared_ptr<const Post> post)
      : target_(std::move(target)), exchange_(exchange), post_(std::move(post)) {}
  void operator()(HttpOut out) const;  // on the handler's own thread
  void from_any_thread(
      HttpOut out) const;  // on any thread, at any time, even after the server ended

 private:
  std::weak_ptr<Target> target_;
  std::uint64_t exchange_;
  std::shared_ptr<const Post> post_;
};

// A handler's decision about the head, before the body is read.
struct HeadVerdict {
  std::size_t max_body = 1 << 20;  // a longer body gets 413 without being read
  std::optional<HttpOut> refusal;
};

class HttpHandler {
 public:
  virtual ~HttpHandler() = default;
  virtual HeadVerdict on_head(const HttpIn& head) = 0;
  virtual void handle(HttpIn& request, Responder respond) = 0;
};

struct HttpServerOptions {
  std::string address = "127.0.0.1";
  std::uint16_t port = 0;  // 0: any free one; see HttpServer::port
  int threads = 1;
  std::string tls_cert_file, tls_key_file;  // both or neither; PEM, with the chain
  std::size_t max_header = 16 * 1024;       // bytes of request line and fields
  std::size_t max_fields = 100;
  Duration header_timeout = seconds(10);  // from the first byte (or the connect) to the last
  Duration body_timeout = seconds(30);
  Duration idle_timeout = seconds(60);  // between requests
  Duration write_timeout = seconds(30);
  Duration handler_timeout = seconds(60);  // then 503, so that every request gets a response
  // Beyond this limit, connections that have waited longest and sent nothing useful are closed.
  std::size_t max_connections = 10'000;
  std::size_t max_per_address = 256;  // trusted proxies are not counted
  // Bytes of unfinished requests and unsent responses of all connections. Beyond this limit the
  // largest are closed.
  std::size_t max_buffered = 64 << 20;
  std::vector<IpNetwork> trusted_proxies;
  ForwardedHeader forwarded_header = ForwardedHeader::kXForwardedFor;
};

struct HttpServerStats {
  std::uint64_t open = 0, accepted = 0, refused = 0;  // connections; refused: beyond a limit
  std::uint64_t requests = 0, malformed = 0, timeouts = 0;
  std::uint64_t shed = 0;  // connections closed in favour of others, or for the memory they held
};

class HttpServer {
 public:
  // Creates the handler of one thread. The io_context outlives the handler, and only that thread
  // runs it. Called before any thread starts.
  using Factory =
      std::function<std::unique_ptr<HttpHandler>(boost::asio::io_context& io, int thread)>;

  // Starts the server; it is listening when start returns. Fails with kTransient if the address is
  // in use, with kInvalidInput if the options or the TLS files are invalid.
  static Result<std::unique_ptr<HttpServer>> start(HttpServerOptions options,
                                                   const Factory& make_handler);

  virtual ~HttpServer() = default;  // drains without grace
  virtual std::uint16_t port() const = 0;
  virtual HttpServerStats stats() const = 0;
  // Reads the TLS files again. Open connections keep their certificate.
  virtual Status reload_tls() = 0;
  // Accepts no new connections, lets requests in flight finish for at most `grace`, closes, ends
  // the threads and destroys the handlers. Must not be called from a server thread. A second call
  // does nothing.
  virtual void drain(Duration grace) = 0;
};

}  // namespace baton
