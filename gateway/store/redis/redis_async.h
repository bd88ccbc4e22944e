#pragma once

#include <functional>
#include <memory>

#include "gateway/store/redis/redis_endpoint.h"

namespace boost::asio {
class io_context;
}

namespace baton {

struct AsyncLimits {
  Duration deadline = milliseconds(200);  // from the call to its answer
  std::size_t pending = 4096;             // answers outstanding; beyond it kRateLimited at once
  Duration first_backoff = milliseconds(50);
  Duration last_backoff = seconds(2);
};

struct MemoryPressure {
  std::uint64_t used = 0;
  std::uint64_t max = 0;  // 0: no limit
};

// The edge's way into the store: deliveries are appended without waiting for one another, over one
// connection of this thread's io_context. All calls and callbacks happen on the thread that runs
// it; a callback runs exactly once, also when the object goes. Deadlines are kept for the
// connection as a whole: at the first answer that is late, the connection is closed (never reused)
// and everybody waiting gets kTransient, of unknown outcome: the same delivery may be sent again.
// Reconnects by itself, with back-off; while it is away calls fail at once. The function library is
// loaded where it is missing; the layout is checked by the blocking store, which every gateway
// opens too.
class AsyncIntake {
 public:
  virtual ~AsyncIntake() = default;

  // Starts to connect. kInvalidInput for a URL that is none.
  static Result<std::unique_ptr<AsyncIntake>> make(boost::asio::io_context& io,
                                                   const RedisOptions& options,
                                                   AsyncLimits limits = {});

  virtual void intake(IntakeRecord record, std::function<void(Result<IntakeAnswer>)> done) = 0;
  virtual void ping(std::function<void(Status)> done) = 0;
  virtual void memory(std::function<void(Result<MemoryPressure>)> done) = 0;
  virtual bool connected() const = 0;  // greeted and ready for calls
  virtual std::size_t pending() const = 0;
};

}  // namespace baton
