#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "webhooks/http/http_server.h"
#include "webhooks/http/http_server_chunks.h"

namespace baton {

// Turns bytes into requests, without I/O or time. Stricter than RFC 9112 wherever two readers could
// understand a message differently: no obs-fold, no bare LF or CR, one Content-Length of digits,
// "chunked" as the only transfer coding and never with a length, exactly one Host, no second
// Content-Type, Content-Encoding, Authorization or Expect.
class RequestParser {
 public:
  enum class Step {
    kMore,    // needs more bytes
    kHead,    // the head is complete: call set_body_limit, then continue
    kDone,    // the request is complete
    kFailed,  // see failure(); the connection must be closed
  };

  RequestParser(std::size_t max_header, std::size_t max_fields);
  ~RequestParser();
  RequestParser(const RequestParser&) = delete;
  RequestParser& operator=(const RequestParser&) = delete;

  void reset();  // for the next request; keeps allocated memory
  // Consumes `bytes`, which begin where the last call stopped, and sets `used` to their number.
  Step feed(std::string_view bytes, std::size_t& used);
  // Returns false if the announced length already exceeds it.
  bool set_body_limit(std::size_t limit);

  HttpIn& request() { return in_; }
  const HttpOut& failure() const { return failure_; }
  bool keep_alive() const { return keep_alive_; }
  bool wants_continue() const { return wants_continue_; }
  bool has_body() const { return chunked_ || body_left_ > 0; }
  // The number of bytes still to come, if known.
  std::optional<std::uint64_t> body_left() const;

 private:
  class Head;

  Step fail(int status, std::string_view code, std::string_view detail);
  Step feed_head(std::string_view bytes, std::size_t& used);
  Step feed_sized(std::string_view bytes, std::size_t& used);
  Step feed_chunked(std::string_view bytes, std::size_t& used);
  Step read_head();
  bool read_target();
  Step read_framing(bool http10);
  Step read_length(std::string_view text);

  const std::size_t max_header_, max_fields_;
  HttpIn in_;
  HttpOut failure_;
  ChunkReader chunks_;
  enum class Phase { kHead, kBody, kDone } phase_ = Phase::kHead;
  std::size_t scanned_ = 0;
  int empty_lines_ = 0;
  std::uint64_t body_left_ = 0;
  bool chunked_ = false, keep_alive_ = false, wants_continue_ = false;
};

}  // namespace baton
