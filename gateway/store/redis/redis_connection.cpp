#include "gateway/store/redis/redis_connection.h"

#include <algorithm>
#include <cerrno>
#include <charconv>
#include <numeric>

#include <fmt/format.h>
#include <hiredis/hiredis.h>
#include <sys/socket.h>

#include "gateway/platform/clock.h"
#include "gateway/store/redis/redis_info.h"

namespace baton {
namespace {

constexpr std::size_t kChunkCommands = 512;
constexpr std::size_t kChunkBytes = 1 << 20;
constexpr std::int64_t kFirstBackoffMs = 20;
constexpr std::int64_t kLastBackoffMs = 1000;

timeval to_timeval(Duration d) {
  return {static_cast<time_t>(d.ms / 1000), static_cast<suseconds_t>(d.ms % 1000 * 1000)};
}

}  // namespace

std::size_t chunk_length(std::span<const RedisCommand> commands,
                         std::span<const std::size_t> which) {
  std::size_t bytes = 0, n = 0;
  while (n < which.size() && n < kChunkCommands &&
         (n == 0 || bytes + commands[which[n]].bytes() <= kChunkBytes)) {
    bytes += commands[which[n++]].bytes();
  }
  return n;
}

bool RedisReply::is_error() const { return raw_ && raw_->type == REDIS_REPLY_ERROR; }
bool RedisReply::is_nil() const { return !raw_ || raw_->type == REDIS_REPLY_NIL; }
bool RedisReply::is_array() const { return raw_ && raw_->type == REDIS_REPLY_ARRAY; }
bool RedisReply::is_integer() const { return raw_ && raw_->type == REDIS_REPLY_INTEGER; }

std::int64_t RedisReply::integer() const {
  if (raw_ && raw_->type == REDIS_REPLY_INTEGER) return raw_->integer;
  std::int64_t value = 0;
  const auto digits = text();
  std::from_chars(digits.data(), digits.data() + digits.size(), value);
  return value;
}

std::string_view RedisReply::text() const {
  if (!raw_) return {};
  const bool textual = raw_->type == REDIS_REPLY_STRING || raw_->type == REDIS_REPLY_STATUS ||
                       raw_->type == REDIS_REPLY_ERROR;
  return textual ? std::string_view(raw_->str, static_cast<std::size_t>(raw_->len))
                 : std::string_view();
}

std::size_t RedisReply::size() const { return is_array() ? raw_->elements : 0; }

RedisReply RedisReply::operator[](std::size_t i) const {
  return RedisReply(i < size() ? raw_->element[i] : nullptr);
}

Status RedisReply::status() const { return is_error() ? Status(redis_error(text())) : Status(); }

Result<IntakeAnswer> intake_answer(const RedisReply& reply) {
  if (auto status = reply.status(); !status) return status.error();
  if (reply.is_integer() && reply.integer() == 1) return IntakeAnswer::kStored;
  if (reply.is_integer() && reply.integer() == 0) return IntakeAnswer::kDuplicate;
  return error(Errc::kTransient, "Redis did not confirm the delivery", "redis");
}

void RedisReplies::Free::operator()(redisReply* raw) const { freeReplyObject(raw); }
void RedisReplies::set(std::size_t i, redisReply* raw) { owned_[i].reset(raw); }
void RedisReplies::replace(std::size_t i, RedisReplies& from, std::size_t j) {
  owned_[i] = std::move(from.owned_[j]);
}

Status RedisReplies::first_error() const {
  for (std::size_t i = 0; i < size(); ++i) {
    if (auto status = (*this)[i].status(); !status) return status;
  }
  return {};
}

void RedisConnection::Close::operator()(redisContext* raw) const { redisFree(raw); }

RedisConnection::RedisConnection(RedisEndpoint endpoint, RedisOptions options, Prepare prepare)
    : endpoint_(std::move(endpoint)), options_(std::move(options)), prepare_(std::move(prepare)) {}

RedisConnection::~RedisConnection() = default;

void RedisConnection::close() { context_.reset(); }

Error RedisConnection::lost(std::string_view doing) {
  const bool silent =
      context_ && context_->err == REDIS_ERR_IO && (errno == EAGAIN || errno == EWOULDBLOCK);
  close();
  return error(
      Errc::kTransient,
      fmt::format("Redis {} while {}", silent ? "did not answer in time" : "is down", doing),
      endpoint_.display());
}

// Between two uses the server may have ended or closed the connection. This is detected before
// anything is sent, so that the first call after a restart does not fail.
bool RedisConnection::closed_by_peer() const {
  char byte = 0;
  const auto n = ::recv(context_->fd, &byte, 1, MSG_PEEK | MSG_DONTWAIT);
  return n >= 0 || (errno != EAGAIN && errno != EWOULDBLOCK && errno != EINTR);
}

Status RedisConnection::ensure() {
  // The commands that prepare a new connection use that connection only. Otherwise a server that
  // accepts connections and closes them at once (a full Redis, a proxy without a backend) would
  // cause an endless loop.
  if (opening_)
    return context_ ? Status()
                    : Status(error(Errc::kTransient, "Redis is down", endpoint_.display()));
  if (context_ && closed_by_peer()) close();
  if (context_) return {};
  const auto now = system_clock().steady_ns();
  if (now < not_before_ns_) {
    return error(Errc::kTransient, "Redis is down; waiting before the next attempt to connect",
                 endpoint_.display());
  }
  opening_ = true;
  auto status = open();
  opening_ = false;
  if (status) {
    backoff_ms_ = 0;
    return status;
  }
  close();
  backoff_ms_ = std::clamp(backoff_ms_ * 2, kFirstBackoffMs, kLastBackoffMs);
  not_before_ns_ = system_clock().steady_ns() + backoff_ms_ * 1'000'000;
  return status;
}

Status RedisConnection::open() {
  ignore_sigpipe();
  const auto wait = to_timeval(options_.connect_timeout);
  context_.reset(endpoint_.socket.empty()
                     ? redisConnectWithTimeout(endpoint_.host.c_str(), endpoint_.port, wait)
                     : redisConnectUnixWithTimeout(endpoint_.socket.c_str(), wait));
  if (!context_ || context_->err != 0) return lost("connecting");
  if (redisSetTimeout(context_.get(), to_timeval(options_.command_timeout)) != REDIS_OK)
    return lost("connecting");
  if (auto status = introduce(); !status) return status;
  return prepare_ ? prepare_(*this) : Status();
}

Status RedisConnection::introduce() {
  std::vector<RedisCommand> commands;
  if (!endpoint_.password.empty()) {
    commands.emplace_back("AUTH");
    if (!endpoint_.user.empty()) commands.back().arg(endpoint_.user);
    commands.back().arg(endpoint_.password);
  }
  if (endpoint_.db != 0) commands.push_back(RedisCommand("SELECT").arg(endpoint_.db));
  if (commands.empty()) return {};
  auto replies = exchange(commands);
  return replies ? replies->first_error() : Status(replies.error());
}

Result<RedisReplies> RedisConnection::pipeline(std::span<const RedisCommand> commands) {
  if (commands.empty()) return RedisReplies();
  if (auto status = ensure(); !status) return status.error();
  return exchange(commands);
}

Result<RedisReplies> RedisConnection::run(const RedisCommand& command) {
  auto replies = pipeline({&command, 1});
  if (!replies) return replies;
  if (auto status = replies->first_error(); !status) return status.error();
  return replies;
}

Result<RedisReplies> RedisConnection::exchange(std::span<const RedisCommand> commands) {
  std::vector<std::size_t> all(commands.size());
  std::iota(all.begin(), all.end(), std::size_t{0});
  RedisReplies replies;
  replies.resize(commands.size());
  for (std::span<const std::size_t> rest = all; !rest.empty();) {
    const auto chunk = rest.first(chunk_length(commands, rest));
    if (auto status = send(commands, chunk); !status) return status.error();
    if (auto status = receive(replies, chunk); !status) return status.error();
    rest = rest.subspan(chunk.size());
  }
  return replies;
}

Status RedisConnection::send(std::span<const RedisCommand> commands,
                             std::span<const std::size_t> which) {
  if (!context_) return lost("sending");
  for (const auto i : which) {
    const auto header = commands[i].header();
    const auto& body = commands[i].body();
    if (redisAppendFormattedCommand(context_.get(), header.data(), header.size()) != REDIS_OK ||
        redisAppendFormattedCommand(context_.get(), body.data(), body.size()) != REDIS_OK) {
      return lost("sending");
    }
  }
  return flush();
}

Status RedisConnection::flush() {
  for (int done = 0; done == 0;) {
    if (redisBufferWrite(context_.get(), &done) != REDIS_OK) return lost("sending");
  }
  return {};
}

Status RedisConnection::receive(RedisReplies& replies, std::span<const std::size_t> which) {
  for (const auto i : which) {
    void* raw = nullptr;
    if (!context_ || redisGetReply(context_.get(), &raw) != REDIS_OK || raw == nullptr)
      return lost("waiting for a reply");
    replies.set(i, static_cast<redisReply*>(raw));
  }
  return {};
}

}  // namespace baton
