#pragma once

#include <array>
#include <atomic>
#include <mutex>
#include <optional>

#include "gateway/platform/clock.h"
#include "mapping/instant.h"
#include "mapping/json/json.h"

namespace baton {

// Whether this machine's clock and the store's can be trusted, and how late timers fired (domain
// N22): an SLA engine that is silently late is worse than none. Thread-safe.
class ClockHealth {
 public:
  // A timer fired so late.
  void fired(Duration late);
  // What the store's clock says against this machine's. True where they have just come apart by
  // more than kApart.
  bool compared(Duration store_ahead);
  // Looks at the wall clock beside one that nobody sets. The jump, where it made one since the last
  // look: by how much it was set forward, or back (negative).
  std::optional<Duration> look(const Clock& clock);

  // {"agree","store_ahead_ms","jumps","last_jump_ms","last_jump_at","timers":{"20ms":n,...}}; by
  // what they may differ at most comes from outside.
  json::object view(std::optional<Duration> most) const;

  static constexpr Duration kApart = seconds(2);  // NTP keeps machines within milliseconds
  static constexpr Duration kJump = seconds(2);

 private:
  mutable std::mutex mutex_;
  Duration ahead_;
  bool apart_ = false;
  std::optional<Instant> wall_;
  std::int64_t steady_ns_ = 0;
  int jumps_ = 0;
  Duration last_jump_;
  Instant last_jump_at_;
  std::array<std::atomic<std::uint64_t>, 5> fired_{};
  std::atomic<std::int64_t> worst_ms_ = 0;
};

}  // namespace baton
