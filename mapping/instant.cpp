#include "mapping/instant.h"

#include <array>
#include <charconv>
#include <chrono>
#include <cstring>

#include <fmt/format.h>

namespace baton {
namespace {

namespace ch = std::chrono;

constexpr std::int64_t kMaxDuration = days(36'525).ms;

// Reads exactly `digits` decimal digits at `pos` and advances it; -1 if they are missing.
int take_number(std::string_view text, std::size_t& pos, std::size_t digits) {
  if (pos + digits > text.size()) return -1;
  int value = 0;
  for (std::size_t i = 0; i < digits; ++i) {
    const char c = text[pos + i];
    if (c < '0' || c > '9') return -1;
    value = value * 10 + (c - '0');
  }
  pos += digits;
  return value;
}

bool take(std::string_view text, std::size_t& pos, char expected) {
  if (pos >= text.size() || text[pos] != expected) return false;
  ++pos;
  return true;
}

int take_millis(std::string_view text, std::size_t& pos) {
  int millis = 0;
  int scale = 100;
  const std::size_t begin = pos;
  for (; pos < text.size() && text[pos] >= '0' && text[pos] <= '9'; ++pos) {
    millis += (text[pos] - '0') * scale;
    scale /= 10;
  }
  return pos == begin ? -1 : millis;
}

// Returns the offset from UTC in minutes.
std::optional<int> take_offset(std::string_view text, std::size_t& pos) {
  if (pos >= text.size()) return std::nullopt;
  const char sign = text[pos];
  if (sign == 'Z' || sign == 'z') {
    ++pos;
    return 0;
  }
  if (sign != '+' && sign != '-') return std::nullopt;
  ++pos;
  const int hour = take_number(text, pos, 2);
  int minute = 0;
  if (pos < text.size()) {
    take(text, pos, ':');
    minute = take_number(text, pos, 2);
  }
  if (hour < 0 || hour > 23 || minute < 0 || minute > 59) return std::nullopt;
  return (sign == '-' ? -1 : 1) * (hour * 60 + minute);
}

void put_two(char* at, unsigned number) {
  at[0] = static_cast<char>('0' + number / 10);
  at[1] = static_cast<char>('0' + number % 10);
}

}  // namespace

char* write_rfc3339(char* to, Instant at) {
  const ch::sys_time<ch::milliseconds> point{ch::milliseconds{at.ms}};
  const auto day = ch::floor<ch::days>(point);
  const ch::year_month_day date{day};
  const auto year = static_cast<int>(date.year());
  const auto rest = static_cast<unsigned>((point - day).count());
  if (year >= 0 && year <= 9999) {
    put_two(to, static_cast<unsigned>(year) / 100);
    put_two(to + 2, static_cast<unsigned>(year) % 100);
    to += 4;
  } else {
    to = fmt::format_to(to, "{:04}", year);
  }
  std::memcpy(to, "-00-00T00:00:00.000", 19);
  put_two(to + 1, static_cast<unsigned>(date.month()));
  put_two(to + 4, static_cast<unsigned>(date.day()));
  put_two(to + 7, rest / 3'600'000);
  put_two(to + 10, rest / 60'000 % 60);
  put_two(to + 13, rest / 1000 % 60);
  to[16] = static_cast<char>('0' + rest % 1000 / 100);
  put_two(to + 17, rest % 100);
  to += rest % 1000 != 0 ? 19 : 15;
  *to = 'Z';
  return to + 1;
}

void append_rfc3339(std::string& out, Instant at) {
  std::array<char, kInstantLength> text;
  const auto length = write_rfc3339(text.data(), at) - text.data();
  out.append(text.data(), static_cast<std::size_t>(length));
}

std::string to_rfc3339(Instant at) {
  std::string text;
  text.reserve(24);
  append_rfc3339(text, at);
  return text;
}

std::optional<Instant> parse_rfc3339(std::string_view text) {
  std::size_t pos = 0;
  const int year = take_number(text, pos, 4);
  if (year < 0 || !take(text, pos, '-')) return std::nullopt;
  const int month = take_number(text, pos, 2);
  if (month < 0 || !take(text, pos, '-')) return std::nullopt;
  const int day = take_number(text, pos, 2);
  if (day < 0 || pos >= text.size()) return std::nullopt;
  if (text[pos] != 'T' && text[pos] != 't' && text[pos] != ' ') return std::nullopt;
  ++pos;
  const int hour = take_number(text, pos, 2);
  if (hour < 0 || hour > 23 || !take(text, pos, ':')) return std::nullopt;
  const int minute = take_number(text, pos, 2);
  if (minute < 0 || minute > 59) return std::nullopt;
  int second = 0;
  int millis = 0;
  if (take(text, pos, ':')) {
    second = take_number(text, pos, 2);
    if (second < 0 || second > 60) return std::nullopt;
    if (take(text, pos, '.') || take(text, pos, ',')) millis = take_millis(text, pos);
    if (millis < 0) return std::nullopt;
  }
  const auto offset = take_offset(text, pos);
  if (!offset || pos != text.size()) return std::nullopt;
  const ch::year_month_day date{ch::year{year}, ch::month{static_cast<unsigned>(month)},
                                ch::day{static_cast<unsigned>(day)}};
  if (!date.ok()) return std::nullopt;
  const std::int64_t midnight = ch::sys_days{date}.time_since_epoch().count() * days(1).ms;
  return Instant{midnight + hour * hours(1).ms + (minute - *offset) * minutes(1).ms +
                 second * 1000 + millis};
}

std::optional<Duration> parse_duration(std::string_view text) {
  if (text.empty()) return std::nullopt;
  std::int64_t total = 0;
  while (!text.empty()) {
    std::int64_t number = 0;
    const auto [end, failed] = std::from_chars(text.data(), text.data() + text.size(), number);
    if (failed != std::errc{} || number < 0) return std::nullopt;
    text.remove_prefix(static_cast<std::size_t>(end - text.data()));
    std::int64_t unit = 0;
    std::size_t width = 1;
    if (text.starts_with("ms"))
      unit = 1, width = 2;
    else if (text.starts_with('s'))
      unit = seconds(1).ms;
    else if (text.starts_with('m'))
      unit = minutes(1).ms;
    else if (text.starts_with('h'))
      unit = hours(1).ms;
    else if (text.starts_with('d'))
      unit = days(1).ms;
    if (unit == 0 || number > kMaxDuration / unit) return std::nullopt;
    total += number * unit;
    if (total > kMaxDuration) return std::nullopt;
    text.remove_prefix(width);
  }
  return Duration{total};
}

std::string to_string(Duration d) {
  struct Unit {
    std::int64_t ms;
    std::string_view name;
  };
  static constexpr std::array<Unit, 5> kUnits{{{days(1).ms, "d"},
                                               {hours(1).ms, "h"},
                                               {minutes(1).ms, "m"},
                                               {seconds(1).ms, "s"},
                                               {1, "ms"}}};
  if (d.ms <= 0) return "0s";
  std::string text;
  for (const Unit& unit : kUnits) {
    if (const auto n = d.ms / unit.ms; n > 0) {
      text += fmt::format("{}{}", n, unit.name);
      d.ms -= n * unit.ms;
    }
  }
  return text;
}

}  // namespace baton
