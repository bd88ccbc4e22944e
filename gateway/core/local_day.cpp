#include "gateway/core/local_day.h"

#include <chrono>
#include <exception>

#include <date/tz.h>
#include <fmt/format.h>

namespace baton {
namespace {

const date::time_zone* find_zone(std::string_view name) {
  if (name.empty()) return nullptr;
  try {
    return date::locate_zone(name);
  } catch (const std::exception&) {
    return nullptr;
  }
}

}  // namespace

std::int32_t local_day(Instant at, std::string_view zone) {
  const date::sys_time<std::chrono::milliseconds> utc{std::chrono::milliseconds(at.ms)};
  const auto* tz = find_zone(zone);
  const auto since = tz != nullptr ? tz->to_local(utc).time_since_epoch() : utc.time_since_epoch();
  return std::chrono::floor<date::days>(since).count();
}

Instant start_of_day(std::int32_t day, std::string_view zone) {
  const auto* tz = find_zone(zone);
  if (tz == nullptr) return Instant{} + days(day);
  const date::local_days midnight{date::days(day)};
  const auto utc = tz->to_sys(midnight, date::choose::earliest);
  return {std::chrono::duration_cast<std::chrono::milliseconds>(utc.time_since_epoch()).count()};
}

// 1970-01-01 was a Thursday: day -3 is the Monday of week 0.
std::int32_t week_of(std::int32_t day) {
  const std::int32_t shifted = day + 3;
  return shifted >= 0 ? shifted / 7 : (shifted - 6) / 7;
}

std::int32_t first_day_of_week(std::int32_t week) { return week * 7 - 3; }

std::string to_date(std::int32_t day) {
  const date::year_month_day ymd{date::sys_days{date::days(day)}};
  return fmt::format("{:04d}-{:02d}-{:02d}", static_cast<int>(ymd.year()),
                     static_cast<unsigned>(ymd.month()), static_cast<unsigned>(ymd.day()));
}

}  // namespace baton
