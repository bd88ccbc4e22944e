#pragma once

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

// A view into a reply. Lives as long as the replies it came from.
class RedisReply {
 public:
  explicit RedisReply(const redisReply* raw) : raw_(raw) {}
  bool is_error() const;
  bool is_nil() const;
  bool is_array() const;
  bool is_integer() const;
  std::int64_t integer() const;   // also of a string of digits; 0 otherwise
  std::string_view text() const;  // of strings, statuses and errors; "" otherwise
  std::size_t size() const;       // of arrays
  RedisReply operator[](std::size_t i) const;
  Status status() const;  // an error reply as ours

 private:
  const redisReply* raw_;
};

// What intake_v1 answered. Anything but its 1 and 0 is no answer: a delivery is not acknowledged on
// the word of something that does not speak like our library.
Result<IntakeAnswer> intake_answer(const RedisReply& reply);

// The replies of one pipeline, in the order of its commands.
class RedisReplies {
 public:
  RedisReplies() = default;
  std::size_t size() const { return owned_.size(); }
  RedisReply operator[](std::size_t i) const { return RedisReply(owned_[i].get()); }
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

// How many of the commands `which` names are sent before their replies are read, so that neither
// side piles up too much.
std::size_t chunk_length(std::span<const RedisCommand> commands,
                         std::span<const std::size_t> which);

// One blocking connection, used by one thread at a time. Connects on first use and again after a
// failure, with back-off. What timed out is closed and never reused: its late replies would be
// taken for those of later commands. Writes to a closed socket raise SIGPIPE inside hiredis 0.14,
// so the first connection sets that signal to be ignored.
class RedisConnection {
 public:
  // `prepare` runs on each new connection before anything else is sent over it.
  using Prepare = std::function<Status(RedisConnection&)>;
  RedisConnection(RedisEndpoint endpoint, RedisOptions options, Prepare prepare = {});
  ~RedisConnection();
  RedisConnection(const RedisConnection&) = delete;
  RedisConnection& operator=(const RedisConnection&) = delete;

  // Sends all and reads all replies, in chunks so that neither side fills up. Fails as a whole with
  // kTransient when the connection does; error replies are replies.
  Result<RedisReplies> pipeline(std::span<const RedisCommand> commands);
  // One command; an error reply is an error.
  Result<RedisReplies> run(const RedisCommand& command);

  // The two halves of a pipeline, for callers that keep several connections busy at once. What was
  // sent has to be received; where either fails the connection is closed.
  Status send(std::span<const RedisCommand> commands, std::span<const std::size_t> which);
  Status receive(RedisReplies& replies, std::span<const std::size_t> which);

  // Connects where there is no connection (any more).
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
  std::int64_t not_before_ns_ = 0;  // steady
  std::int64_t backoff_ms_ = 0;
  bool opening_ = false;
};

}  // namespace baton
