#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace baton {

// One dated rule of data/holidays.yaml.
struct HolidayRule {
  enum class Kind { kDate, kEaster, kWeekdayBefore, kOnce };

  std::string name;
  Kind kind = Kind::kDate;
  int month = 0, day = 0;  // kDate, kWeekdayBefore, kOnce
  int offset = 0;          // kEaster: days after Easter Sunday
  unsigned weekday = 0;    // kWeekdayBefore: Sunday is 0
  int from = 0, until = 9999;
  std::vector<std::string> regions;

  // The day in that year (days since 1970-01-01), where the rule makes one.
  std::optional<std::int32_t> in(int year) const;
};

// Reads the `on` of a rule ("10-31", "easter+60", "wed before 11-23", "2017-10-31") into it.
bool parse_holiday_day(std::string_view on, HolidayRule& rule);

// Easter Sunday of the Gregorian calendar (Meeus, Jones and Butcher), days since 1970-01-01.
std::int32_t easter_sunday(int year);

}  // namespace baton
