#pragma once

#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "gateway/core/calendar/zone.h"

namespace baton {

// A POSIX TZ rule from the last line of a time zone file ("CET-1CEST,M3.5.0,M10.5.0/3"). Supports
// the extension of RFC 8536: times of change between -167 and 167 hours.
class ZoneRule {
 public:
  static std::optional<ZoneRule> parse(std::string_view text);

  bool has_daylight() const { return has_daylight_; }
  // The two changes of a year in chronological order.
  std::vector<ZoneStretch> changes(int year) const;

  struct Day {
    enum class Kind { kMonthWeekDay, kJulianWithoutLeapDay, kZeroBased } kind = Kind::kZeroBased;
    int month = 0, week = 0, weekday = 0;  // weekday: Sunday is 0; week 5 is the last one
    int day = 0;
    std::int64_t time_s = 7200;  // local time before the change
  };

 private:
  std::int64_t standard_s_ = 0, daylight_s_ = 0;
  bool has_daylight_ = false;
  Day begin_, end_;
};

}  // namespace baton
