#pragma once

#include <array>
#include <atomic>
#include <mutex>
#include <optional>

#include "gateway/platform/clock.h"
#include "mapping/instant.h"
#include "mapping/json/json.h"

namespace baton {

// Whether this machine's clock and the store's clock can be trusted, and how late timers fired
// (requirement N22). Operators must notice when timers fire late. Thread-safe.
class ClockHealth {
 public:
  // Records that a timer fired this late.
  void fired(Duration late);
  // Compares the store's clock with this machine's. Returns true if they have just come more than
  // kApart apart.
  bool compared(Duration store_ahead);
  // Compares the wall clock with a clock that cannot be set. Returns how far the wall clock jumped
  // since the last check: forward, or back (negative). Empty if it did not jump.
  std::optional<Duration> look(const Clock& clock);

  // {"agree","store_ahead_ms","jumps","last_jump_ms","last_jump_at","timers":{"20ms":n,...}}. The
  // caller supplies the largest allowed difference.
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
