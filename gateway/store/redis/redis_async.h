#pragma once

#include <functional>
#include <memory>

#include "gateway/store/redis/redis_endpoint.h"

namespace boost::asio {
class io_context;
}

namespace baton {

struct AsyncLimits {
  Duration deadline = milliseconds(200);  // from the call to its reply
  std::size_t pending = 4096;  // outstanding replies; more fail with kRateLimited at once
  Duration first_backoff = milliseconds(50);
  Duration last_backoff = seconds(2);
};

struct MemoryPressure {
  std::uint64_t used = 0;
  std::uint64_t max = 0;  // 0: no limit
};

// The way from the edge to the store. It appends deliveries over one connection of this thread's
// io_context, and no delivery waits for another. All calls and callbacks run on the thread that
// runs the io_context. Every callback runs exactly once, even if the object is destroyed.
//
// The deadline applies to the connection: if one reply is late, the connection is closed and never
// reused. All waiting callers then get kTransient with an unknown outcome, and may send the same
// delivery again. The object reconnects automatically, with back-off; until then calls fail at
// once.
//
// It loads the function library if it is missing. The blocking store, which every gateway opens
// too, checks the layout.
class AsyncIntake {
 public:
  virtual ~AsyncIntake() = default;

  // Starts to connect. Fails with kInvalidInput if the URL is invalid.
  static Result<std::unique_ptr<AsyncIntake>> make(boost::asio::io_context& io,
                                                   const RedisOptions& options,
                                                   AsyncLimits limits = {});

  virtual void intake(IntakeRecord record, std::function<void(Result<IntakeAnswer>)> done) = 0;
  virtual void ping(std::function<void(Status)> done) = 0;
  virtual void memory(std::function<void(Result<MemoryPressure>)> done) = 0;
  virtual bool connected() const = 0;  // handshake finished, ready for calls
  virtual std::size_t pending() const = 0;
};

}  // namespace baton
