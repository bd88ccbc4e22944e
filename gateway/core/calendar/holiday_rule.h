#pragma once

#include <bitset>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace baton {

// One dated rule of data/holidays*.yaml, or of `holidays` and `closed` in policy/calendars.yaml.
struct HolidayRule {
  enum class Kind { kDate, kEaster, kWeekdayBefore, kWeekdayOf, kOnce };

  std::string name;
  Kind kind = Kind::kDate;
  int month = 0, day = 0;  // kDate, kWeekdayBefore, kOnce; kWeekdayOf: month only
  int nth = 0;             // kWeekdayOf: 1 to 5
  int offset = 0;          // kEaster: days after Easter Sunday; kWeekdayOf: days after that weekday
  unsigned weekday = 0;    // kWeekdayBefore, kWeekdayOf: Sunday is 0
  int from = 0, until = 9999;
  // Conditions on the day; the rule yields no day in a year that violates them: weekdays (Sunday is
  // 0), and the day after Easter that it must be or must not be.
  std::bitset<7> weekdays = std::bitset<7>().set();
  std::optional<int> only_easter, not_easter;
  std::vector<std::string> regions;

  // The day in that year (days since 1970-01-01), if the rule yields one.
  std::optional<std::int32_t> in(int year) const;

 private:
  std::optional<std::int32_t> candidate(int year) const;
};

// Parses the `on` of a rule into it: "10-31", "easter+60", "wed before 11-23", "1st sun of 09 +4",
// "2017-10-31". Returns false if it is invalid.
bool parse_holiday_day(std::string_view on, HolidayRule& rule);
// "sun" is 0, "sat" is 6.
std::optional<unsigned> parse_weekday(std::string_view name);
// "easter-3" is -3.
std::optional<int> parse_easter(std::string_view text);

// Easter Sunday of the Gregorian calendar (Meeus, Jones and Butcher), days since 1970-01-01.
std::int32_t easter_sunday(int year);

}  // namespace baton
