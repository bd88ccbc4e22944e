#include "gateway/core/holiday_rule.h"

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

std::optional<unsigned> read_weekday(std::string_view text) {
  static constexpr std::array<std::string_view, 7> kNames{"sun", "mon", "tue", "wed",
                                                          "thu", "fri", "sat"};
  for (unsigned i = 0; i < kNames.size(); ++i) {
    if (kNames[i] == text) return i;
  }
  return std::nullopt;
}

}  // namespace

bool parse_holiday_day(std::string_view on, HolidayRule& rule) {
  if (on.starts_with("easter")) {
    const auto offset = to_int(on.substr(6));
    rule.kind = HolidayRule::Kind::kEaster;
    rule.offset = offset.value_or(0);
    return offset.has_value();
  }
  if (constexpr std::string_view kBefore = " before ";
      on.size() > 3 && on.substr(3).starts_with(kBefore)) {
    const auto weekday = read_weekday(on.substr(0, 3));
    rule.kind = HolidayRule::Kind::kWeekdayBefore;
    rule.weekday = weekday.value_or(0);
    return weekday && read_month_day(on.substr(3 + kBefore.size()), rule);
  }
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

std::optional<std::int32_t> HolidayRule::in(int year) const {
  if (year < from || year > until) return std::nullopt;
  if (kind == Kind::kEaster) return easter_sunday(year) + offset;
  const auto date = date_of(year, month, day);
  if (!date.ok()) return std::nullopt;  // 29 February in other years
  const std::int32_t number = day_number(date);
  if (kind != Kind::kWeekdayBefore) return number;
  const unsigned on = ch::weekday{ch::sys_days{date}}.c_encoding();
  const unsigned back = (on + 7 - weekday) % 7;
  return number - static_cast<std::int32_t>(back == 0 ? 7 : back);
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
