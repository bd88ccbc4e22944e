#pragma once

#include <algorithm>
#include <cstdint>

#include "gateway/platform/clock.h"
#include "mapping/instant.h"

namespace baton {

// The store's clock, extrapolated between its answers by this machine's steady clock. Never ahead
// of the store, and behind it by at most the latency of the quickest recent answer. For one thread.
class StoreTime {
 public:
  explicit StoreTime(const Clock& clock) : clock_(clock) {}

  // Call when an answer with the store's time `now` has just arrived.
  void set(Instant now) {
    const std::int64_t steady = clock_.steady_ns();
    const std::int64_t offset = now.ms * 1'000'000 - steady;
    // If the store's clock was set back or is slower than ours, do not run ahead of it for long.
    const bool old = steady - since_ns_ > kForgetAfterNs;
    if (old || offset > offset_ns_ || offset_ns_ - offset > kJumpNs) {
      offset_ns_ = offset;
      since_ns_ = steady;
    }
  }
  Instant now() const { return Instant{(clock_.steady_ns() + offset_ns_) / 1'000'000}; }
  // The time to sleep until then, at most `at_most`. In nanoseconds, because a whole millisecond is
  // a large part of the lateness that timers may have.
  std::int64_t ns_until(Instant then, Duration at_most) const {
    // `then` may be never, and `now`, before the store's first answer, long ago: their difference
    // could overflow.
    const Instant at = now();
    if (then >= at + at_most) return at_most.ms * 1'000'000;
    if (then <= at) return 0;
    return std::max<std::int64_t>(then.ms * 1'000'000 - offset_ns_ - clock_.steady_ns(), 0);
  }

 private:
  static constexpr std::int64_t kForgetAfterNs = 10'000'000'000;
  static constexpr std::int64_t kJumpNs = 1'000'000'000;

  const Clock& clock_;
  std::int64_t offset_ns_ = INT64_MIN / 2;
  std::int64_t since_ns_ = INT64_MIN / 2;
};

}  // namespace baton
