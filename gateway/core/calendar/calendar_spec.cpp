#include "gateway/core/calendar/calendar_spec.h"

#include <algorithm>
#include <array>
#include <chrono>

#include <fmt/format.h>

#include "gateway/core/calendar/holidays.h"
#include "mapping/icalendar.h"
#include "mapping/json/json.h"
#include "mapping/schema/schema.h"

namespace baton {
namespace {

constexpr std::array<std::string_view, 7> kDays{"mon", "tue", "wed", "thu", "fri", "sat", "sun"};

Error bad(std::string message, std::string where) {
  return error(Errc::kInvalidInput, std::move(message), std::move(where));
}

int two_digits(std::string_view text) {
  if (text.size() != 2 || text[0] < '0' || text[0] > '9' || text[1] < '0' || text[1] > '9')
    return -1;
  return (text[0] - '0') * 10 + (text[1] - '0');
}

// "09:00", "09:00:30" or "24:00" as seconds of the day; -1 if it is not a time.
int read_clock(std::string_view text) {
  if (text.size() != 5 && text.size() != 8) return -1;
  const int hour = two_digits(text.substr(0, 2));
  const int minute = two_digits(text.substr(3, 2));
  const int second = text.size() == 8 ? two_digits(text.substr(6, 2)) : 0;
  if (text[2] != ':' || (text.size() == 8 && text[5] != ':')) return -1;
  if (hour < 0 || minute < 0 || minute > 59 || second < 0 || second > 59) return -1;
  const int total = hour * 3600 + minute * 60 + second;
  return total <= 86'400 ? total : -1;
}

Result<LocalWindow> read_window(const json::value& v, const std::string& where) {
  std::string_view open, close;
  if (v.is_string()) {
    const std::string_view whole(v.get_string().data(), v.get_string().size());
    const auto dash = whole.find('-');
    if (dash != std::string_view::npos)
      open = whole.substr(0, dash), close = whole.substr(dash + 1);
  } else if (v.is_array() && v.get_array().size() == 2 && v.at(0).is_string() &&
             v.at(1).is_string()) {
    open = {v.at(0).get_string().data(), v.at(0).get_string().size()};
    close = {v.at(1).get_string().data(), v.at(1).get_string().size()};
  }
  const LocalWindow window{read_clock(open), read_clock(close)};
  if (window.open_s < 0 || window.close_s < 0) {
    return bad("a window is two times of day, such as \"09:00-17:00\" or [\"09:00\", \"24:00\"]",
               where);
  }
  if (window.close_s == window.open_s)
    return bad("the window is empty; for a whole day write 00:00-24:00", where);
  if (window.close_s < window.open_s) {
    return bad(
        "the window closes before it opens; split it at midnight: until 24:00, and from 00:00 the "
        "day after",
        where);
  }
  return window;
}

// "mon" is (0, 0), "mon-fri" is (0, 4). A range may wrap: "sat-mon".
std::optional<std::pair<std::size_t, std::size_t>> read_days(std::string_view key) {
  const auto index = [](std::string_view name) {
    return static_cast<std::size_t>(std::find(kDays.begin(), kDays.end(), name) - kDays.begin());
  };
  const auto dash = key.find('-');
  const std::size_t first = index(key.substr(0, dash));
  const std::size_t last = dash == std::string_view::npos ? first : index(key.substr(dash + 1));
  if (first == kDays.size() || last == kDays.size()) return std::nullopt;
  return std::pair{first, last};
}

Status read_windows(const json::object& o, BusinessCalendar::Spec& spec) {
  for (const auto& [key, list] : o) {
    const std::string where = "/windows/" + std::string(key);
    const auto days = read_days({key.data(), key.size()});
    if (!days)
      return bad(fmt::format("unknown day \"{}\"; days are mon, tue, wed, thu, fri, sat, sun, or a "
                             "range such as mon-fri",
                             std::string_view(key)),
                 where);
    if (!list.is_array()) return bad("the windows of a day must be a list", where);
    for (std::size_t i = 0; i < list.get_array().size(); ++i) {
      const auto window = read_window(list.at(i), fmt::format("{}/{}", where, i));
      if (!window) return window.error();
      for (std::size_t day = days->first;; day = (day + 1) % 7) {
        spec.windows[day].push_back(*window);
        if (day == days->second) break;
      }
    }
  }
  return {};
}

std::optional<std::int32_t> read_date(std::string_view text) {
  const auto at =
      text.size() == 10 ? parse_rfc3339(std::string(text) + "T00:00:00Z") : std::nullopt;
  if (!at) return std::nullopt;
  return static_cast<std::int32_t>(at->ms / days(1).ms);
}

// Hours of single days: {"2026-12-24": ["09:00-12:00"], "2026-12-31": []}.
Status read_dated(const json::object& o, BusinessCalendar::Spec& spec) {
  for (const auto& [key, list] : o) {
    const std::string where = "/days/" + std::string(key);
    const auto day = read_date({key.data(), key.size()});
    if (!day) return bad("a single day must be a date such as \"2026-12-24\"", where);
    if (!list.is_array()) return bad("the windows of a day must be a list", where);
    auto& windows = spec.dated[*day];
    for (std::size_t i = 0; i < list.get_array().size(); ++i) {
      const auto window = read_window(list.at(i), fmt::format("{}/{}", where, i));
      if (!window) return window.error();
      windows.push_back(*window);
    }
  }
  return {};
}

// "12-24" of every year, "easter-1", or the single day "2026-12-24".
bool close_by_rule(std::string_view text, BusinessCalendar::Spec& spec) {
  HolidayRule rule;
  if (!parse_holiday_day(text, rule)) return false;
  for (const auto day : days_of(rule)) spec.closed_days.insert(day);
  return true;
}

// Also accepts spans of at most a year, both ends included: "2026-12-28..2026-12-31".
Status read_closed(const json::array& list, BusinessCalendar::Spec& spec) {
  for (std::size_t i = 0; i < list.size(); ++i) {
    const std::string where = fmt::format("/closed/{}", i);
    if (!list[i].is_string())
      return bad("a closed day must be a date such as \"2026-12-24\"", where);
    const std::string_view text(list[i].get_string().data(), list[i].get_string().size());
    const auto dots = text.find("..");
    if (dots == std::string_view::npos && close_by_rule(text, spec)) continue;
    const auto first = read_date(text.substr(0, dots));
    const auto last = dots == std::string_view::npos ? first : read_date(text.substr(dots + 2));
    if (!first || !last || *last < *first || *last - *first > 366) {
      return bad(
          "a closed day must be a date such as \"2026-12-24\", a day of every year such as "
          "\"12-24\", easter-1 or \"wed before 11-23\", or a span \"2026-12-28..2026-12-31\"",
          where);
    }
    for (std::int32_t day = *first; day <= *last; ++day) spec.closed_days.insert(day);
  }
  return {};
}

}  // namespace

Result<BusinessCalendar::Spec> read_calendar_spec(const json::object& o) {
  BusinessCalendar::Spec spec;
  spec.zone = std::string(text(o, "zone"));
  if (spec.zone.empty())
    return bad("\"zone\" is missing; set an IANA name such as \"Europe/Berlin\"", "/zone");
  const auto* windows = object(o, "windows");
  if (windows == nullptr)
    return bad("\"windows\" is missing, such as {\"mon\": [[\"09:00\", \"17:00\"]]}", "/windows");
  if (auto read = read_windows(*windows, spec); !read) return read.error();
  if (const auto* region = member(o, "holidays"); region != nullptr && !region->is_null()) {
    if (!region->is_string())
      return bad("\"holidays\" must be a region such as \"DE-BY\", or null", "/holidays");
    spec.region = std::string(text(o, "holidays"));
  }
  if (const auto* closed = member(o, "closed"); closed != nullptr && !closed->is_null()) {
    if (!closed->is_array()) return bad("\"closed\" must be a list of dates", "/closed");
    if (auto read = read_closed(closed->get_array(), spec); !read) return read.error();
  }
  if (const auto* dated = object(o, "days"); dated != nullptr) {
    if (auto read = read_dated(*dated, spec); !read) return read.error();
  }
  if (const auto ical = text(o, "ical"); !ical.empty()) {
    const auto days = all_day_events(ical);
    if (!days) return bad(days.error().message, "/ical");
    spec.closed_days.insert(days->begin(), days->end());
  }
  return spec;
}

}  // namespace baton
