#pragma once

#include <cassert>
#include <functional>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "gateway/store/redis/redis_command.h"
#include "gateway/store/redis/redis_endpoint.h"

struct redisContext;
struct redisReply;

namespace baton {

// A view into a reply. Valid for as long as the replies it came from.
class RedisReply {
 public:
  explicit RedisReply(const redisReply* raw) : raw_(raw) {}
  bool is_error() const;
  bool is_nil() const;
  bool is_array() const;
  bool is_integer() const;
  std::int64_t integer() const;   // also of a string of digits; otherwise 0
  std::string_view text() const;  // of strings, statuses and errors; otherwise ""
  std::size_t size() const;       // of arrays
  RedisReply operator[](std::size_t i) const;
  Status status() const;  // an error reply as an Error

 private:
  const redisReply* raw_;
};

// Reads the reply of intake_v1. Any reply other than 1 or 0 is an error: Baton does not acknowledge
// a delivery unless its own library confirmed it.
Result<IntakeAnswer> intake_answer(const RedisReply& reply);

// The replies of one pipeline, in the order of its commands.
class RedisReplies {
 public:
  RedisReplies() = default;
  std::size_t size() const { return owned_.size(); }
  RedisReply operator[](std::size_t i) const {
    assert(i < owned_.size());
    return RedisReply(owned_[i].get());
  }
  void resize(std::size_t n) { owned_.resize(n); }
  void set(std::size_t i, redisReply* raw);
  void replace(std::size_t i, RedisReplies& from, std::size_t j);
  Status first_error() const;

 private:
  struct Free {
    void operator()(redisReply* raw) const;
  };
  std::vector<std::unique_ptr<redisReply, Free>> owned_;
};

// Returns how many of the commands in `which` to send before reading their replies, so that neither
// side buffers too much.
std::size_t chunk_length(std::span<const RedisCommand> commands,
                         std::span<const std::size_t> which);

// One blocking connection for one thread at a time. It connects on first use, and again with
// back-off after a failure. A connection that timed out is closed and never reused, because its
// late replies would be read as replies to later commands. hiredis 0.14 raises SIGPIPE on writes to
// closed sockets, so the first connection sets that signal to be ignored.
class RedisConnection {
 public:
  // Runs on each new connection before any other command.
  using Prepare = std::function<Status(RedisConnection&)>;
  RedisConnection(RedisEndpoint endpoint, RedisOptions options, Prepare prepare = {});
  ~RedisConnection();
  RedisConnection(const RedisConnection&) = delete;
  RedisConnection& operator=(const RedisConnection&) = delete;

  // Sends all commands and reads all replies, in chunks so that neither side fills up. If the
  // connection fails, the whole call fails with kTransient. An error reply is a reply.
  Result<RedisReplies> pipeline(std::span<const RedisCommand> commands);
  // Runs one command; an error reply is an error.
  Result<RedisReplies> run(const RedisCommand& command);

  // The two halves of a pipeline, for callers that use several connections at once. Every send
  // needs its receive; if either fails, the connection is closed.
  Status send(std::span<const RedisCommand> commands, std::span<const std::size_t> which);
  Status receive(RedisReplies& replies, std::span<const std::size_t> which);

  // Connects unless the connection is open.
  Status ensure();
  bool connected() const { return context_ != nullptr; }
  void close();

 private:
  bool closed_by_peer() const;
  Status open();
  Status introduce();
  Result<RedisReplies> exchange(std::span<const RedisCommand> commands);
  Status flush();
  Error lost(std::string_view doing);

  struct Close {
    void operator()(redisContext* raw) const;
  };
  RedisEndpoint endpoint_;
  RedisOptions options_;
  Prepare prepare_;
  std::unique_ptr<redisContext, Close> context_;
  std::int64_t not_before_ns_ = 0;  // steady clock
  std::int64_t backoff_ms_ = 0;
  bool opening_ = false;
};

}  // namespace baton
