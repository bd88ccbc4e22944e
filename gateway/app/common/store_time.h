#pragma once

#include <algorithm>
#include <cstdint>

#include "gateway/platform/clock.h"
#include "mapping/instant.h"

namespace baton {

// The store's clock, carried on between its answers by the steady clock of this machine. Never
// ahead of the store, and behind it by no more than the quickest answer of late took to arrive. For
// one thread.
class StoreTime {
 public:
  explicit StoreTime(const Clock& clock) : clock_(clock) {}

  // An answer that said `now` has just arrived.
  void set(Instant now) {
    const std::int64_t steady = clock_.steady_ns();
    const std::int64_t offset = now.ms * 1'000'000 - steady;
    // A clock that was put back, or goes slower than ours, must not be outrun for long.
    const bool old = steady - since_ns_ > kForgetAfterNs;
    if (old || offset > offset_ns_ || offset_ns_ - offset > kJumpNs) {
      offset_ns_ = offset;
      since_ns_ = steady;
    }
  }
  Instant now() const { return Instant{(clock_.steady_ns() + offset_ns_) / 1'000'000}; }
  // How long to sleep until then, at most `at_most`; in nanoseconds, since a whole millisecond is
  // much of what a clock may be late.
  std::int64_t ns_until(Instant then, Duration at_most) const {
    // `then` may be never, and `now`, before the store's first answer, long ago: neither may be
    // taken from the other.
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
