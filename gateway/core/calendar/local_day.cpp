#include "gateway/core/calendar/local_day.h"

#include <algorithm>
#include <chrono>
#include <iterator>

#include "gateway/core/calendar/zone.h"

namespace baton {
namespace {

constexpr std::int64_t kLocalDayMs = 86'400'000;

std::int64_t floor_div(std::int64_t a, std::int64_t b) { return a / b - (a % b < 0 ? 1 : 0); }

std::int32_t day_in(const Zone* zone, Instant at) {
  const Instant local = zone != nullptr ? at + zone->offset_at(at) : at;
  return static_cast<std::int32_t>(floor_div(local.ms, kLocalDayMs));
}

std::shared_ptr<const Zone> zone_named(std::string_view name) {
  auto zone = find_zone(name);
  return zone ? *zone : nullptr;
}

}  // namespace

std::int32_t local_day(Instant at, std::string_view zone) {
  return day_in(zone_named(zone).get(), at);
}

// Offsets are between -12 and +14 hours, so the day begins at most 14 hours before and 12 hours
// after its midnight in UTC. The first stretch in which it has begun gives the instant.
Instant start_of_day(std::int32_t day, std::string_view name) {
  const Instant midnight = Instant{} + days(day);
  const auto zone = zone_named(name);
  if (!zone) return midnight;
  const Instant earliest = midnight - hours(14);
  Instant start = midnight - zone->offset_at(earliest);
  for (const auto& stretch : zone->stretches) {
    const Instant begin{stretch.begin_s * 1000};
    if (begin <= earliest || begin > midnight + hours(12)) continue;
    if (begin > start) break;  // the day had begun before this stretch
    start = std::max(begin, midnight - Duration{stretch.offset_s * 1000});
  }
  return start;
}

Instant instant_of(std::int32_t day, int second, std::string_view name) {
  const Instant wall = Instant{} + days(day) + seconds(second);
  const auto zone = zone_named(name);
  if (!zone) return wall;
  const Instant guess = wall - zone->offset_at(wall);
  return wall - zone->offset_at(guess);
}

// 1970-01-01 was a Thursday, so day -3 is the Monday of week 0.
std::int32_t week_of(std::int32_t day) {
  return static_cast<std::int32_t>(floor_div(std::int64_t{day} + 3, 7));
}

std::int32_t first_day_of_week(std::int32_t week) { return week * 7 - 3; }

std::int32_t month_of(std::int32_t day) {
  const std::chrono::year_month_day date{std::chrono::sys_days(std::chrono::days(day))};
  return static_cast<int>(date.year()) * 12 +
         static_cast<std::int32_t>(static_cast<unsigned>(date.month())) - 1;
}

std::int32_t first_day_of_month(std::int32_t month) {
  const std::int32_t year = static_cast<std::int32_t>(floor_div(month, 12));
  const auto of_year = static_cast<unsigned>(month - year * 12 + 1);
  const std::chrono::year_month_day first{std::chrono::year(year), std::chrono::month(of_year),
                                          std::chrono::day(1)};
  return static_cast<std::int32_t>(std::chrono::sys_days(first).time_since_epoch().count());
}

}  // namespace baton
