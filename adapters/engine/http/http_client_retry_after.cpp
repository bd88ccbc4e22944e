#include "adapters/engine/http/http_client_retry_after.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <chrono>

namespace baton {
namespace {

constexpr std::string_view kMonths[] = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                        "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
constexpr Duration kLongest = days(3650);

// Splits a date at spaces, commas, colons and dashes, into at most eight parts.
std::array<std::string_view, 8> split(std::string_view text, std::size_t& count) {
  std::array<std::string_view, 8> parts;
  count = 0;
  while (!text.empty() && count < parts.size()) {
    const auto begin = text.find_first_not_of(" ,:-");
    if (begin == std::string_view::npos) break;
    text.remove_prefix(begin);
    const auto end = std::min(text.find_first_of(" ,:-"), text.size());
    parts[count++] = text.substr(0, end);
    text.remove_prefix(end);
  }
  return parts;
}

std::optional<int> number(std::string_view text) {
  int value = 0;
  const auto [end, failed] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (text.empty() || failed != std::errc{} || end != text.data() + text.size() || value < 0)
    return std::nullopt;
  return value;
}

std::optional<unsigned> month(std::string_view name) {
  const auto* found = std::find(std::begin(kMonths), std::end(kMonths), name);
  if (found == std::end(kMonths)) return std::nullopt;
  return static_cast<unsigned>(found - std::begin(kMonths)) + 1;
}

std::optional<Instant> make(std::string_view year, std::string_view month_name,
                            std::string_view day, std::string_view h, std::string_view m,
                            std::string_view s) {
  const auto y = number(year), d = number(day), hour = number(h), minute = number(m),
             second = number(s);
  const auto mon = month(month_name);
  if (!y || *y > 9999 || !mon || !d || !hour || !minute || !second || *hour > 23 || *minute > 59 ||
      *second > 60)
    return std::nullopt;
  // RFC 850 years have two digits, which mean this century.
  const int full_year = year.size() == 2 ? 2000 + *y : *y;
  const std::chrono::year_month_day date{std::chrono::year{full_year}, std::chrono::month{*mon},
                                         std::chrono::day{static_cast<unsigned>(*d)}};
  if (!date.ok()) return std::nullopt;
  return Instant{std::chrono::sys_days{date}.time_since_epoch().count() * days(1).ms +
                 hours(*hour).ms + minutes(*minute).ms + seconds(*second).ms};
}

}  // namespace

std::optional<Instant> parse_http_date(std::string_view text) {
  std::size_t count = 0;
  const auto p = split(text, count);
  // "Sun, 06 Nov 1994 08:49:37 GMT" and "Sunday, 06-Nov-94 08:49:37 GMT"
  if (count == 8 && p[7] == "GMT") return make(p[3], p[2], p[1], p[4], p[5], p[6]);
  // "Sun Nov  6 08:49:37 1994"
  if (count == 7 && month(p[1])) return make(p[6], p[1], p[2], p[3], p[4], p[5]);
  return std::nullopt;
}

std::optional<Duration> retry_after(const Headers& headers) {
  const auto value = header(headers, "Retry-After");
  if (value.empty()) return std::nullopt;
  std::int64_t whole = 0;
  const auto [end, failed] = std::from_chars(value.data(), value.data() + value.size(), whole);
  const bool rest_fine =
      end == value.data() + value.size() || *end == '.';  // some senders write "1.5"
  if (failed == std::errc::result_out_of_range && value.front() != '-') return kLongest;
  if (failed == std::errc{} && rest_fine) {
    if (whole < 0) return std::nullopt;
    return whole > kLongest.ms / 1000 ? kLongest : seconds(whole);
  }
  const auto until = parse_http_date(value);
  const auto date = parse_http_date(header(headers, "Date"));
  if (!until || !date) return std::nullopt;
  return std::clamp(*until - *date, Duration{0}, kLongest);
}

}  // namespace baton
