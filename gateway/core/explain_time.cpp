#include <algorithm>
#include <array>
#include <chrono>

#include <fmt/format.h>

#include "gateway/core/explain.h"
#include "gateway/core/zone.h"

namespace baton {
namespace {

namespace ch = std::chrono;

constexpr std::array<std::string_view, 7> kDays[] = {{"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"},
                                                     {"So", "Mo", "Di", "Mi", "Do", "Fr", "Sa"}};
constexpr std::array<std::string_view, 12> kMonths = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                                      "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};

std::string universal(Instant at) {
  const auto text = to_rfc3339(at);
  auto out = text.substr(0, 10) + " " + text.substr(11, 5);
  if (text.substr(17, 2) != "00") out += text.substr(16, 3);
  return out + " UTC";
}

}  // namespace

std::string Telling::moment(Instant at) const {
  if (zone.empty() || zone == "UTC") return universal(at);
  const auto found = find_zone(zone);
  if (!found) return universal(at);
  const ch::sys_seconds utc{ch::floor<ch::seconds>(ch::milliseconds{at.ms})};
  const auto local = utc + ch::seconds{(*found)->offset_at(at).ms / 1000};
  const auto day = ch::floor<ch::days>(local);
  const ch::year_month_day date{day};
  const ch::hh_mm_ss time{local - day};
  const auto d = static_cast<unsigned>(date.day()), m = static_cast<unsigned>(date.month());
  const auto weekday = kDays[language == Language::kGerman ? 1 : 0][ch::weekday{day}.c_encoding()];
  auto out = language == Language::kGerman
                 ? fmt::format("{} {:02}.{:02}.{} ", weekday, d, m, static_cast<int>(date.year()))
                 : fmt::format("{} {} {} {} ", weekday, d, kMonths[m - 1], static_cast<int>(date.year()));
  out += fmt::format("{:02}:{:02}", time.hours().count(), time.minutes().count());
  if (time.seconds().count() != 0) out += fmt::format(":{:02}", time.seconds().count());
  return out;
}

std::string Telling::span(Duration length) const {
  const std::int64_t ms = std::max<std::int64_t>(length.ms, 0), minutes = ms / 60'000;
  const bool german = language == Language::kGerman;
  if (minutes == 0) {
    const auto tenth = ms % 1000 / 100;
    const auto part = tenth == 0 ? std::string() : fmt::format("{}{}", german ? ',' : '.', tenth);
    return fmt::format("{}{} {}", ms / 1000, part, german ? "Sek." : "s");
  }
  const auto word = german ? "Min." : "min";
  if (minutes < 60) return fmt::format("{} {}", minutes, word);
  const auto hours = fmt::format("{} {}", minutes / 60, german ? "Std." : "h");
  return minutes % 60 == 0 ? hours : fmt::format("{} {} {}", hours, minutes % 60, word);
}

}  // namespace baton
