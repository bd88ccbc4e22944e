#include "gateway/store/redis/redis_async.h"

#include <unistd.h>

#include <deque>

#include <hiredis/async.h>
#include <hiredis/hiredis.h>
#include <boost/asio/io_context.hpp>
#include <boost/asio/posix/stream_descriptor.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>

#include "gateway/platform/log.h"
#include "gateway/store/redis/redis_connection.h"
#include "gateway/store/redis/redis_info.h"
#include "gateway/store/redis/redis_library.h"

namespace baton {
namespace {

namespace asio = boost::asio;
using SteadyClock = std::chrono::steady_clock;
// Receives the reply, or the error of a connection that was closed.
using OnReply = std::function<void(Result<RedisReply>)>;

Error away(std::string_view why) { return error(Errc::kTransient, std::string(why), "redis"); }

// Connects hiredis's hooks to Asio: waits for the socket (a duplicate, so that each side closes its
// own) and notifies hiredis. Lives until its last wait has ended.
class AsioLink : public std::enable_shared_from_this<AsioLink> {
 public:
  AsioLink(asio::io_context& io, redisAsyncContext* context)
      : context_(context), socket_(io, ::dup(context->c.fd)) {}

  void want(asio::posix::stream_descriptor::wait_type what) {
    const bool reads = what == asio::posix::stream_descriptor::wait_read;
    bool& armed = reads ? reading_ : writing_;
    if (armed || !context_) return;
    armed = true;
    socket_.async_wait(what,
                       [self = shared_from_this(), reads](const boost::system::error_code& fault) {
                         (reads ? self->reading_ : self->writing_) = false;
                         if (fault || !self->context_) return;
                         if (reads) {
                           redisAsyncHandleRead(self->context_);
                         } else if (self->wants_write_) {
                           redisAsyncHandleWrite(self->context_);
                         }
                       });
  }
  void want_write(bool on) {
    wants_write_ = on;
    if (on) want(asio::posix::stream_descriptor::wait_write);
  }
  void end() {
    context_ = nullptr;
    boost::system::error_code ignored;
    socket_.close(ignored);
  }

 private:
  redisAsyncContext* context_;
  asio::posix::stream_descriptor socket_;
  bool reading_ = false, writing_ = false, wants_write_ = false;
};

class RedisLink : public std::enable_shared_from_this<RedisLink> {
 public:
  RedisLink(asio::io_context& io, RedisEndpoint endpoint, const RedisOptions& options,
            AsyncLimits limits)
      : io_(io),
        endpoint_(std::move(endpoint)),
        options_(options),
        limits_(limits),
        deadline_(io),
        retry_(io) {}

  void open();
  void stop();
  void send(const RedisCommand& command, OnReply done, Duration within);
  void intake(IntakeRecord record, std::function<void(Result<IntakeAnswer>)> done, bool again);
  bool ready() const { return ready_; }
  std::size_t pending() const { return waiting_.size(); }
  PartitionId partitions() const { return options_.partitions; }
  const AsyncLimits& limits() const { return limits_; }

 private:
  struct Waiting {
    OnReply done;
    SteadyClock::time_point deadline;
  };

  static RedisLink& of(void* hooks) { return *static_cast<RedisLink*>(hooks); }
  static void on_reply(redisAsyncContext*, void* reply, void* core) {
    of(core).answer(static_cast<redisReply*>(reply));
  }
  void attach();
  void greet();
  void greeted(const Status& status);
  void answer(redisReply* reply);
  void arm(SteadyClock::time_point at);
  void check_deadline();
  void drop();
  void detached();

  asio::io_context& io_;
  RedisEndpoint endpoint_;
  RedisOptions options_;
  AsyncLimits limits_;
  asio::steady_timer deadline_, retry_;
  redisAsyncContext* context_ = nullptr;
  std::shared_ptr<AsioLink> link_;
  std::shared_ptr<RedisLink> self_;  // while hiredis may call back
  std::deque<Waiting> waiting_;      // in the order of their commands, which is that of the replies
  bool ready_ = false, stopped_ = false, armed_ = false;
  std::int64_t backoff_ms_ = 0;
};

void RedisLink::open() {
  if (stopped_) return;
  ignore_sigpipe();
  context_ = endpoint_.socket.empty() ? redisAsyncConnect(endpoint_.host.c_str(), endpoint_.port)
                                      : redisAsyncConnectUnix(endpoint_.socket.c_str());
  if (!context_ || context_->err != 0) {
    if (context_) redisAsyncFree(context_);
    context_ = nullptr;
    detached();
    return;
  }
  attach();
  greet();
}

void RedisLink::attach() {
  self_ = shared_from_this();
  link_ = std::make_shared<AsioLink>(io_, context_);
  auto& hooks = context_->ev;
  hooks.data = this;
  hooks.addRead = [](void* core) {
    of(core).link_->want(asio::posix::stream_descriptor::wait_read);
  };
  hooks.addWrite = [](void* core) { of(core).link_->want_write(true); };
  hooks.delWrite = [](void* core) { of(core).link_->want_write(false); };
  hooks.cleanup = [](void* core) { of(core).detached(); };
}

// The deadline covers the handshake too. The library is loaded only if it is missing; the blocking
// store replaces an older one.
void RedisLink::greet() {
  const auto within = options_.connect_timeout;
  const auto need = [this](Result<RedisReply> reply) {
    if (reply && reply->is_error()) greeted(reply->status());
  };
  if (!endpoint_.password.empty()) {
    RedisCommand command("AUTH");
    if (!endpoint_.user.empty()) command.arg(endpoint_.user);
    send(command.arg(endpoint_.password), need, within);
  }
  if (endpoint_.db != 0) send(RedisCommand("SELECT").arg(endpoint_.db), need, within);
  send(
      RedisCommand("FUNCTION").arg("LOAD").arg(function_library()),
      [](const Result<RedisReply>&) {}, within);
  send(
      RedisCommand("HMGET").arg("baton:layout").arg("version").arg("partitions"),
      [this](Result<RedisReply> reply) {
        if (!reply) return;
        auto status = reply->status();
        if (status && !(*reply)[0].is_nil() &&
            ((*reply)[0].integer() > kLayoutVersion ||
             (*reply)[1].integer() != options_.partitions)) {
          status = error(Errc::kPermanent,
                         "the data in Redis has another layout or number of partitions", "redis");
        }
        greeted(status);
      },
      within);
}

void RedisLink::greeted(const Status& status) {
  if (status) {
    ready_ = true;
    backoff_ms_ = 0;
    return;
  }
  ready_ = false;
  log_warn("store", "Redis did not accept the intake connection",
           {{"error", status.error().message}});
  asio::post(io_, [self = shared_from_this()] { self->drop(); });
}

void RedisLink::send(const RedisCommand& command, OnReply done, Duration within) {
  if (!context_) return done(away("Redis is down"));
  const auto wire = command.header() + command.body();
  waiting_.push_back({std::move(done), SteadyClock::now() + std::chrono::milliseconds(within.ms)});
  if (redisAsyncFormattedCommand(context_, &RedisLink::on_reply, this, wire.data(), wire.size()) !=
      REDIS_OK) {
    const auto refused = std::move(waiting_.back().done);
    waiting_.pop_back();
    return refused(away("Redis is down"));
  }
  if (!armed_) arm(waiting_.back().deadline);
}

void RedisLink::answer(redisReply* reply) {
  if (waiting_.empty()) return;
  const auto done = std::move(waiting_.front().done);
  waiting_.pop_front();
  if (reply) return done(RedisReply(reply));
  ready_ = false;
  done(away("Redis closed the connection before it answered"));
}

void RedisLink::arm(SteadyClock::time_point at) {
  armed_ = true;
  deadline_.expires_at(at);
  deadline_.async_wait([weak = weak_from_this()](const boost::system::error_code& fault) {
    const auto self = weak.lock();
    if (!self || fault) return;
    self->armed_ = false;
    self->check_deadline();
  });
}

void RedisLink::check_deadline() {
  if (waiting_.empty()) return;
  if (waiting_.front().deadline > SteadyClock::now()) return arm(waiting_.front().deadline);
  log_warn("store", "Redis did not answer in time; the intake connection is closed",
           {{"waiting", waiting_.size()}});
  drop();
}

// Frees the connection. hiredis calls back all waiting callers, then detached().
void RedisLink::drop() {
  ready_ = false;
  if (auto* context = std::exchange(context_, nullptr)) redisAsyncFree(context);
}

void RedisLink::detached() {
  context_ = nullptr;
  ready_ = false;
  if (link_) link_->end();
  if (self_) asio::post(io_, [self = std::move(self_)] {});
  self_.reset();
  if (stopped_) return;
  backoff_ms_ = std::clamp(backoff_ms_ * 2, limits_.first_backoff.ms, limits_.last_backoff.ms);
  retry_.expires_after(std::chrono::milliseconds(backoff_ms_));
  retry_.async_wait([weak = weak_from_this()](const boost::system::error_code& fault) {
    const auto self = weak.lock();
    if (self && !fault) self->open();
  });
}

void RedisLink::stop() {
  stopped_ = true;
  deadline_.cancel();
  retry_.cancel();
  drop();
}

void RedisLink::intake(IntakeRecord record, std::function<void(Result<IntakeAnswer>)> done,
                       bool again) {
  const auto partition = partition_of(record.id, options_.partitions);
  auto command = RedisCommand::with_keys("intake_v1", partition_key(partition, "d:", record.id),
                                         partition_key(partition, "i"));
  command.arg(record.id).arg(record.payload);
  send(
      command,
      [this, record = std::move(record), done = std::move(done),
       again](Result<RedisReply> reply) mutable {
        if (!reply) return done(reply.error());
        if (again && reply->is_error() && is_missing_function(reply->text())) {
          send(
              RedisCommand("FUNCTION").arg("LOAD").arg(function_library()),
              [](const Result<RedisReply>&) {}, limits_.deadline);
          return intake(std::move(record), std::move(done), false);
        }
        done(intake_answer(*reply));
      },
      limits_.deadline);
}

class RedisAsyncIntake final : public AsyncIntake {
 public:
  explicit RedisAsyncIntake(std::shared_ptr<RedisLink> core) : core_(std::move(core)) {
    core_->open();
  }
  ~RedisAsyncIntake() override { core_->stop(); }

  void intake(IntakeRecord record, std::function<void(Result<IntakeAnswer>)> done) override {
    if (auto status = admit(); !status) return done(status.error());
    core_->intake(std::move(record), std::move(done), true);
  }
  void ping(std::function<void(Status)> done) override {
    if (auto status = admit(); !status) return done(status);
    core_->send(
        RedisCommand("PING"),
        [done = std::move(done)](Result<RedisReply> reply) {
          done(reply ? reply->status() : Status(reply.error()));
        },
        core_->limits().deadline);
  }
  void memory(std::function<void(Result<MemoryPressure>)> done) override {
    if (auto status = admit(); !status) return done(status.error());
    core_->send(
        RedisCommand("INFO").arg("memory"),
        [done = std::move(done)](Result<RedisReply> reply) {
          if (!reply) return done(reply.error());
          if (auto status = reply->status(); !status) return done(status.error());
          done(MemoryPressure{info_number(reply->text(), "used_memory"),
                              info_number(reply->text(), "maxmemory")});
        },
        core_->limits().deadline);
  }
  bool connected() const override { return core_->ready(); }
  std::size_t pending() const override { return core_->pending(); }

 private:
  Status admit() const {
    if (!core_->ready()) return away("Redis is down");
    if (core_->pending() >= core_->limits().pending) {
      return error(Errc::kRateLimited, "too many deliveries are waiting for Redis", "redis");
    }
    return {};
  }

  std::shared_ptr<RedisLink> core_;
};

}  // namespace

Result<std::unique_ptr<AsyncIntake>> AsyncIntake::make(asio::io_context& io,
                                                       const RedisOptions& options,
                                                       AsyncLimits limits) {
  auto endpoint = parse_redis_url(options.url);
  if (!endpoint) return endpoint.error();
  auto core = std::make_shared<RedisLink>(io, std::move(*endpoint), options, limits);
  return std::unique_ptr<AsyncIntake>(std::make_unique<RedisAsyncIntake>(std::move(core)));
}

}  // namespace baton
