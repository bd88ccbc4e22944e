#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>

#include "webhooks/http/http_server.h"
#include "webhooks/http/http_server_parser.h"

namespace baton {

class Connection;

// The services a connection needs from its thread.
class ConnectionHost {
 public:
  virtual ~ConnectionHost() = default;
  virtual const HttpServerOptions& options() const = 0;
  virtual HttpHandler& handler() = 0;
  virtual std::int64_t now_ms() const = 0;  // steady clock
  virtual const std::string& date() const = 0;
  virtual bool draining() const = 0;
  virtual const std::shared_ptr<const Responder::Post>& post() const = 0;
  virtual void note_request() = 0;
  virtual void note_malformed() = 0;
  virtual void note_timeout() = 0;
  virtual void note_held(std::ptrdiff_t change) = 0;  // bytes of memory
  virtual void note_closed(Connection& connection) = 0;
};

// One connection: it reads and parses a request, passes it to the handler, writes the response, and
// starts again. Half-duplex: pipelined requests are handled one after the other, and their
// responses are sent together. All calls come from one thread. The derived class provides the byte
// stream (plain or TLS).
class Connection : public Responder::Target, public std::enable_shared_from_this<Connection> {
 public:
  Connection(ConnectionHost& host, const IpAddress& peer, bool tls);

  void begin();  // the stream is ready for requests
  void answer(std::uint64_t exchange, HttpOut out) override;
  bool check_deadline(std::int64_t now_ms);  // returns whether the deadline has passed
  void drain();  // closes when idle (a last request may arrive), otherwise after the response
  void abort();  // closes at once
  bool closed() const { return state_ == State::kClosed; }
  const IpAddress& peer() const { return peer_; }
  // Returns whether it may be closed for others: no request of it is being processed.
  bool expendable() const { return state_ != State::kHandling && state_ != State::kClosed; }
  bool proved() const { return proved_; }  // one of its requests was accepted
  std::int64_t since() const {
    return since_;
  }  // when its last request ended, or when it connected
  std::size_t held() const { return held_; }
  // Its index in the host's list.
  std::size_t place() const { return place_; }
  void set_place(std::size_t place) { place_ = place; }

 protected:
  virtual void start_read(char* to, std::size_t size) = 0;
  virtual void start_write(const char* from, std::size_t size) = 0;
  virtual void shutdown_send() = 0;  // no more data follows; still readable
  virtual void close_stream() = 0;

  void on_read(bool ok, std::size_t n);
  void on_written(bool ok);
  void expect_handshake();  // TLS: begin() or the deadline follows

 private:
  enum class State { kHandshake, kIdle, kHead, kBody, kHandling, kLinger, kClosed };

  void deadline_in(Duration d);
  void proceed();  // until bytes are missing, a response is pending, or output must be sent
  bool step();     // false: needs more bytes
  bool take_head();
  void take_request();
  void refuse(HttpOut out);
  void write_out(HttpOut out, bool keep_alive);
  void next_request();
  void read_more();
  void flush();
  void end();
  void close();
  void resolve_client();
  void weigh();

  ConnectionHost& host_;
  const IpAddress peer_;
  RequestParser parser_;
  State state_ = State::kIdle;
  std::int64_t deadline_ = 0, since_;
  std::size_t held_ = 0, place_ = 0;
  bool proved_ = false;
  std::uint64_t exchange_ = 0;
  std::string in_;  // received; [begin_, end_) is not consumed yet
  std::size_t begin_ = 0, end_ = 0;
  std::string out_;
  std::size_t lingered_ = 0;
  bool in_handler_ = false, reading_ = false, writing_ = false;
  bool close_after_write_ = false, linger_ = false;
};

}  // namespace baton
