#include "gateway/core/calendar/zone_rule.h"

#include <algorithm>
#include <chrono>

namespace baton {
namespace {

namespace ch = std::chrono;

// Reads a rule from left to right. Each reader returns whether it succeeded.
struct Cursor {
  std::string_view text;

  bool take(char c) {
    if (text.empty() || text.front() != c) return false;
    text.remove_prefix(1);
    return true;
  }
  std::optional<int> number() {
    int value = 0;
    std::size_t digits = 0;
    while (digits < text.size() && digits < 4 && text[digits] >= '0' && text[digits] <= '9') {
      value = value * 10 + (text[digits++] - '0');
    }
    if (digits == 0) return std::nullopt;
    text.remove_prefix(digits);
    return value;
  }
  // "CET" or "<+0330>"
  bool name() {
    if (take('<')) {
      const auto close = text.find('>');
      if (close == std::string_view::npos) return false;
      text.remove_prefix(close + 1);
      return true;
    }
    std::size_t size = 0;
    while (size < text.size() && ((text[size] | 32) >= 'a' && (text[size] | 32) <= 'z')) ++size;
    text.remove_prefix(size);
    return size >= 3;
  }
  // "[+-]hh[:mm[:ss]]"
  std::optional<std::int64_t> time() {
    const bool negative = take('-');
    if (!negative) take('+');
    std::int64_t total = 0;
    for (const std::int64_t unit : {3600, 60, 1}) {
      const auto part = number();
      if (!part) return std::nullopt;
      total += *part * unit;
      if (!take(':')) break;
    }
    return negative ? -total : total;
  }
};

std::optional<ZoneRule::Day> read_day(Cursor& in) {
  using Kind = ZoneRule::Day::Kind;
  ZoneRule::Day day;
  if (in.take('M')) {
    const auto month = in.number();
    if (!month || !in.take('.')) return std::nullopt;
    const auto week = in.number();
    if (!week || !in.take('.')) return std::nullopt;
    const auto weekday = in.number();
    if (!weekday || *month < 1 || *month > 12 || *week < 1 || *week > 5 || *weekday > 6)
      return std::nullopt;
    day = {Kind::kMonthWeekDay, *month, *week, *weekday, 0, 7200};
  } else {
    const Kind kind = in.take('J') ? Kind::kJulianWithoutLeapDay : Kind::kZeroBased;
    const auto number = in.number();
    if (!number || *number > 366) return std::nullopt;
    day = {kind, 0, 0, 0, *number, 7200};
  }
  if (in.take('/')) {
    const auto time = in.time();
    if (!time) return std::nullopt;
    day.time_s = *time;
  }
  return day;
}

std::int64_t local_seconds(const ZoneRule::Day& day, int year) {
  using Kind = ZoneRule::Day::Kind;
  const ch::year y{year};
  ch::sys_days date = y / ch::January / 1;
  if (day.kind == Kind::kMonthWeekDay) {
    const ch::weekday weekday{static_cast<unsigned>(day.weekday)};
    const ch::month month{static_cast<unsigned>(day.month)};
    date = day.week == 5 ? ch::sys_days{y / month / weekday[ch::last]}
                         : ch::sys_days{y / month / weekday[static_cast<unsigned>(day.week)]};
  } else if (day.kind == Kind::kZeroBased) {
    date += ch::days{day.day};
  } else {
    date += ch::days{day.day - 1 + (y.is_leap() && day.day > 59 ? 1 : 0)};
  }
  return date.time_since_epoch().count() * 86'400LL + day.time_s;
}

}  // namespace

std::optional<ZoneRule> ZoneRule::parse(std::string_view text) {
  Cursor in{text};
  ZoneRule rule;
  if (!in.name()) return std::nullopt;
  const auto west = in.time();  // POSIX counts westward
  if (!west) return std::nullopt;
  rule.standard_s_ = -*west;
  if (in.text.empty()) return rule;
  if (!in.name()) return std::nullopt;
  rule.has_daylight_ = true;
  rule.daylight_s_ = rule.standard_s_ + 3600;
  if (!in.text.empty() && in.text.front() != ',') {
    const auto daylight_west = in.time();
    if (!daylight_west) return std::nullopt;
    rule.daylight_s_ = -*daylight_west;
  }
  if (!in.take(',')) return std::nullopt;
  const auto begin = read_day(in);
  if (!begin || !in.take(',')) return std::nullopt;
  const auto end = read_day(in);
  if (!end || !in.text.empty()) return std::nullopt;
  rule.begin_ = *begin;
  rule.end_ = *end;
  return rule;
}

std::vector<ZoneStretch> ZoneRule::changes(int year) const {
  if (!has_daylight_) return {};
  std::vector<ZoneStretch> both{{local_seconds(begin_, year) - standard_s_, daylight_s_},
                                {local_seconds(end_, year) - daylight_s_, standard_s_}};
  if (both[0].begin_s > both[1].begin_s) std::swap(both[0], both[1]);
  return both;
}

}  // namespace baton
