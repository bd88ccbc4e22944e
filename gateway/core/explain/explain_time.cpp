#include <algorithm>
#include <array>
#include <chrono>

#include <fmt/format.h>

#include "gateway/core/calendar/zone.h"
#include "gateway/core/explain/explain.h"

namespace baton {
namespace {

namespace ch = std::chrono;

constexpr std::array<std::string_view, 7> kDays[] = {
    {"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"},
    {"So.", "Mo.", "Di.", "Mi.", "Do.", "Fr.", "Sa."}};
constexpr std::array<std::string_view, 12> kMonths[] = {
    {"Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"},
    {"Januar", "Februar", "März", "April", "Mai", "Juni", "Juli", "August", "September", "Oktober",
     "November", "Dezember"}};

std::string universal(Instant at) {
  const auto text = to_rfc3339(at);
  auto out = text.substr(0, 10) + " " + text.substr(11, 5);
  if (text.substr(17, 2) != "00") out += text.substr(16, 3);
  return out + " UTC";
}

// What a wall clock in the zone shows: days since 1970 and the time within the day.
struct Wall {
  ch::sys_days day;
  ch::seconds time;
  int pass = 0;  // 1, 2: of a time that it shows twice, as clocks are put back
};

int pass_of(Instant at, const Zone& zone) {
  const auto offset = zone.offset_at(at);
  const auto before = zone.offset_at(at - hours(1)), after = zone.offset_at(at + hours(1));
  if (after < offset && zone.offset_at(at + (offset - after)) == after) return 1;
  return before > offset && zone.offset_at(at - (before - offset)) == before ? 2 : 0;
}

Wall wall_at(Instant at, const Zone& zone) {
  const ch::sys_seconds utc{ch::floor<ch::seconds>(ch::milliseconds{at.ms})};
  const auto local = utc + ch::seconds{zone.offset_at(at).ms / 1000};
  const auto day = ch::floor<ch::days>(local);
  return {day, local - day, pass_of(at, zone)};
}

std::string time_text(ch::seconds time) {
  const ch::hh_mm_ss parts{time};
  auto out = fmt::format("{:02}:{:02}", parts.hours().count(), parts.minutes().count());
  if (parts.seconds().count() != 0) out += fmt::format(":{:02}", parts.seconds().count());
  return out;
}

std::string day_text(ch::sys_days day, bool german) {
  const ch::year_month_day date{day};
  const auto d = static_cast<unsigned>(date.day()), m = static_cast<unsigned>(date.month());
  const auto index = static_cast<std::size_t>(german);
  return fmt::format("{}{} {}{} {} {}", kDays[index].at(ch::weekday{day}.c_encoding()),
                     german ? "," : "", d, german ? "." : "", kMonths[index].at(m - 1),
                     static_cast<int>(date.year()));
}

}  // namespace

NarrationStyle NarrationStyle::beside(Instant moment) const {
  auto near = *this;
  near.said = moment;
  return near;
}

std::string NarrationStyle::moment(Instant at) const {
  if (zone.empty() || zone == "UTC") return universal(at);
  const auto found = find_zone(zone);
  if (!found) return universal(at);
  const auto wall = wall_at(at, **found);
  auto time = time_text(wall.time);
  if (wall.pass != 0) {
    constexpr std::string_view kPasses[] = {" (first time)", " (second time)", " (zum ersten Mal)",
                                            " (zum zweiten Mal)"};
    time += kPasses[wall.pass - 1 + (language == Language::kGerman ? 2 : 0)];
  }
  if (said && wall_at(*said, **found).day == wall.day) return time;
  return day_text(wall.day, language == Language::kGerman) + ", " + time;
}

std::string NarrationStyle::on(Instant at) const {
  const auto text = moment(at);
  const bool time_only = text[0] >= '0' && text[0] <= '2' && text[2] == ':';
  if (language == Language::kGerman) return (time_only ? "um " : "am ") + text;
  return (time_only ? "at " : "on ") + text;
}

std::string NarrationStyle::span(Duration length) const {
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
