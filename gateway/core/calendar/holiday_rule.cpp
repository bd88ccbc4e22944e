#include "gateway/core/calendar/holiday_rule.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <chrono>

namespace baton {
namespace {

namespace ch = std::chrono;

std::optional<int> to_int(std::string_view text) {
  int value = 0;
  if (text.starts_with('+')) text.remove_prefix(1);
  const auto [end, failed] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (failed != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  return value;
}

ch::year_month_day date_of(int year, int month, int day) {
  return {ch::year{year}, ch::month{static_cast<unsigned>(month)},
          ch::day{static_cast<unsigned>(day)}};
}

std::int32_t day_number(const ch::year_month_day& date) {
  return static_cast<std::int32_t>(ch::sys_days{date}.time_since_epoch().count());
}

bool read_month_day(std::string_view text, HolidayRule& rule) {
  if (text.size() != 5 || text[2] != '-') return false;
  const auto month = to_int(text.substr(0, 2));
  const auto day = to_int(text.substr(3));
  if (!month || !day || !date_of(2000, *month, *day).ok()) return false;
  rule.month = *month;
  rule.day = *day;
  return true;
}

unsigned weekday_of_day(std::int32_t day) {
  return ch::weekday{ch::sys_days{ch::days{day}}}.c_encoding();
}

// "2nd", "3rd": 1 to 5.
int read_ordinal(std::string_view text) {
  static constexpr std::array<std::string_view, 5> kNames{"1st", "2nd", "3rd", "4th", "5th"};
  const auto found = std::find(kNames.begin(), kNames.end(), text);
  return found == kNames.end() ? 0 : static_cast<int>(found - kNames.begin()) + 1;
}

// "1st sun of 09", "1st sun of 09 +4".
bool read_weekday_of(std::string_view on, HolidayRule& rule) {
  if (on.size() < 13 || on[3] != ' ' || on.substr(7, 4) != " of ") return false;
  rule.kind = HolidayRule::Kind::kWeekdayOf;
  rule.nth = read_ordinal(on.substr(0, 3));
  const auto weekday = parse_weekday(on.substr(4, 3));
  const auto month = to_int(on.substr(11, 2));
  const auto rest = on.substr(13);
  const auto offset = rest.empty()     ? std::optional(0)
                      : rest[0] == ' ' ? to_int(rest.substr(1))
                                       : std::nullopt;
  if (rule.nth == 0 || !weekday || !month || *month < 1 || *month > 12 || !offset) return false;
  rule.weekday = *weekday;
  rule.month = *month;
  rule.offset = *offset;
  return true;
}

bool read_weekday_before(std::string_view on, HolidayRule& rule) {
  constexpr std::string_view kBefore = " before ";
  if (on.size() <= 3 || !on.substr(3).starts_with(kBefore)) return false;
  rule.kind = HolidayRule::Kind::kWeekdayBefore;
  const auto weekday = parse_weekday(on.substr(0, 3));
  rule.weekday = weekday.value_or(0);
  return weekday && read_month_day(on.substr(3 + kBefore.size()), rule);
}

}  // namespace

std::optional<unsigned> parse_weekday(std::string_view name) {
  static constexpr std::array<std::string_view, 7> kNames{"sun", "mon", "tue", "wed",
                                                          "thu", "fri", "sat"};
  const auto found = std::find(kNames.begin(), kNames.end(), name);
  if (found == kNames.end()) return std::nullopt;
  return static_cast<unsigned>(found - kNames.begin());
}

std::optional<int> parse_easter(std::string_view text) {
  if (!text.starts_with("easter")) return std::nullopt;
  return text.size() == 6 ? std::optional(0) : to_int(text.substr(6));
}

bool parse_holiday_day(std::string_view on, HolidayRule& rule) {
  if (on.starts_with("easter")) {
    const auto offset = parse_easter(on);
    rule.kind = HolidayRule::Kind::kEaster;
    rule.offset = offset.value_or(0);
    return offset && *offset > -100 && *offset < 200;
  }
  if (on.find(" of ") != std::string_view::npos) return read_weekday_of(on, rule);
  if (on.find(" before ") != std::string_view::npos) return read_weekday_before(on, rule);
  if (on.size() == 10 && on[4] == '-') {
    const auto year = to_int(on.substr(0, 4));
    rule.kind = HolidayRule::Kind::kOnce;
    if (!year || !read_month_day(on.substr(5), rule)) return false;
    rule.from = rule.until = *year;
    return true;
  }
  rule.kind = HolidayRule::Kind::kDate;
  return read_month_day(on, rule);
}

std::optional<std::int32_t> HolidayRule::candidate(int year) const {
  if (kind == Kind::kEaster) return easter_sunday(year) + offset;
  if (kind == Kind::kWeekdayOf) {
    const std::int32_t first = day_number(date_of(year, month, 1));
    const auto ahead = static_cast<std::int32_t>((weekday + 7 - weekday_of_day(first)) % 7);
    const std::int32_t found = first + ahead + 7 * (nth - 1);
    const ch::year_month_day date{ch::sys_days{ch::days{found}}};
    if (static_cast<int>(static_cast<unsigned>(date.month())) != month)
      return std::nullopt;  // there is no fifth one
    return found + offset;
  }
  const auto date = date_of(year, month, day);
  if (!date.ok()) return std::nullopt;  // 29 February in other years
  const std::int32_t number = day_number(date);
  if (kind != Kind::kWeekdayBefore) return number;
  const unsigned back = (weekday_of_day(number) + 7 - weekday) % 7;
  return number - static_cast<std::int32_t>(back == 0 ? 7 : back);
}

std::optional<std::int32_t> HolidayRule::in(int year) const {
  if (year < from || year > until) return std::nullopt;
  const auto found = candidate(year);
  if (!found || !weekdays.test(weekday_of_day(*found))) return std::nullopt;
  const std::int32_t after_easter = *found - easter_sunday(year);
  if (only_easter && after_easter != *only_easter) return std::nullopt;
  if (not_easter && after_easter == *not_easter) return std::nullopt;
  return found;
}

std::int32_t easter_sunday(int year) {
  const int a = year % 19, b = year / 100, c = year % 100;
  const int d = b / 4, e = b % 4, f = (b + 8) / 25, g = (b - f + 1) / 3;
  const int h = (19 * a + b - d - g + 15) % 30;
  const int i = c / 4, k = c % 4;
  const int l = (32 + 2 * e + 2 * i - h - k) % 7;
  const int m = (a + 11 * h + 22 * l) / 451;
  const int n = h + l - 7 * m + 114;
  return day_number(date_of(year, n / 31, n % 31 + 1));
}

}  // namespace baton
