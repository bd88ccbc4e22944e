#include "gateway/app/common/clock_health.h"

#include <algorithm>
#include <cstdlib>

#include "gateway/platform/metrics.h"

namespace baton {
namespace {

constexpr std::array<Duration, 4> kBounds = {milliseconds(20), milliseconds(100), seconds(1),
                                             seconds(10)};
constexpr std::array<const char*, 5> kNames = {"within_20ms", "within_100ms", "within_1s",
                                               "within_10s", "later"};

}  // namespace

void ClockHealth::fired(Duration late) {
  const auto bucket =
      std::find_if(kBounds.begin(), kBounds.end(), [&](Duration b) { return late <= b; }) -
      kBounds.begin();
  fired_[static_cast<std::size_t>(bucket)].fetch_add(1, std::memory_order_relaxed);
  auto worst = worst_ms_.load(std::memory_order_relaxed);
  while (late.ms > worst &&
         !worst_ms_.compare_exchange_weak(worst, late.ms, std::memory_order_relaxed)) {
  }
}

bool ClockHealth::compared(Duration store_ahead) {
  gauge("store_clock_skew_seconds", static_cast<double>(store_ahead.ms) / 1000);
  const std::lock_guard lock(mutex_);
  ahead_ = store_ahead;
  const bool apart = std::abs(store_ahead.ms) > kApart.ms;
  const bool news = apart && !apart_;
  apart_ = apart;
  return news;
}

std::optional<Duration> ClockHealth::look(const Clock& clock) {
  const std::lock_guard lock(mutex_);
  const Instant wall = clock.now();
  const auto steady = clock.steady_ns();
  std::optional<Duration> jump;
  if (wall_) {
    const Duration off = (wall - *wall_) - Duration{(steady - steady_ns_) / 1'000'000};
    if (std::abs(off.ms) > kJump.ms) jump = off;
  }
  wall_ = wall;
  steady_ns_ = steady;
  if (!jump) return jump;
  ++jumps_;
  last_jump_ = *jump;
  last_jump_at_ = wall;
  count("host_clock_jumps_total", jump->ms > 0 ? "direction=forward" : "direction=back");
  return jump;
}

json::object ClockHealth::view(std::optional<Duration> most) const {
  json::object timers;
  for (std::size_t i = 0; i < fired_.size(); ++i)
    timers.emplace(kNames[i], fired_[i].load(std::memory_order_relaxed));
  timers.emplace("worst_ms", worst_ms_.load(std::memory_order_relaxed));
  const std::lock_guard lock(mutex_);
  json::object out{{"agree", !apart_},
                   {"store_ahead_ms", ahead_.ms},
                   {"jumps", jumps_},
                   {"timers", std::move(timers)}};
  out.emplace("firing", !most || std::abs(ahead_.ms) <= most->ms);
  if (jumps_ > 0) {
    out.emplace("last_jump_ms", last_jump_.ms);
    out.emplace("last_jump_at", to_rfc3339(last_jump_at_));
  }
  return out;
}

}  // namespace baton
