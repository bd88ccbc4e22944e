#include "gateway/core/explain/narration_style.h"

#include <algorithm>
#include <chrono>

#include <fmt/format.h>

#include "gateway/core/calendar/zone.h"
#include "gateway/core/explain/clock_label.h"
#include "gateway/core/explain/explain_words.h"
#include "gateway/core/lifecycle/lifecycle_policy.h"
#include "gateway/core/policy/policy.h"
#include "gateway/core/routing/routing_policy.h"
#include "gateway/core/sla/sla_policy.h"

namespace baton {
namespace {

namespace ch = std::chrono;

constexpr std::string_view kDays[] = {"sun", "mon", "tue", "wed", "thu", "fri", "sat"};
constexpr std::string_view kMonths[] = {"jan", "feb", "mar", "apr", "may", "jun",
                                        "jul", "aug", "sep", "oct", "nov", "dec"};

std::string universal(Instant at) {
  const auto text = to_rfc3339(at);
  auto out = text.substr(0, 10) + " " + text.substr(11, 5);
  if (text.substr(17, 2) != "00") out += text.substr(16, 3);
  return out + " UTC";
}

// The time a wall clock in the zone shows: days since 1970 and the time within the day.
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

std::string day_text(ch::sys_days day, const Texts& texts) {
  const ch::year_month_day date{day};
  const auto month = static_cast<unsigned>(date.month());
  return texts.say(
      "time.date",
      {{"weekday", texts.text({"time.weekday.", kDays[ch::weekday{day}.c_encoding()]})},
       {"day", static_cast<unsigned>(date.day())},
       {"month", texts.text({"time.month.", kMonths[month - 1]})},
       {"year", static_cast<int>(date.year())}});
}

const ReasonEntry* reason_of(const LifecyclePolicy& policy, std::string_view code) {
  for (const auto* list : {&policy.reject, &policy.recycle, &policy.disqualify, &policy.lost}) {
    if (const auto* entry = list->find(code)) return entry;
  }
  return nullptr;
}

}  // namespace

std::string NarrationStyle::clock_display_name(std::string_view definition) const {
  if (auto label = clock ? clock(definition) : std::string(); !label.empty()) return label;
  const auto known = word(definition, *texts);
  return known == definition ? display_name(definition) : std::string(known);
}

NarrationStyle NarrationStyle::relative_to(Instant moment) const {
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
  if (wall.pass == 1) time = say("time.first_pass", {{"time", time}});
  if (wall.pass == 2) time = say("time.second_pass", {{"time", time}});
  if (said && wall_at(*said, **found).day == wall.day) return time;
  return say("time.date_time", {{"date", day_text(wall.day, *texts)}, {"time", time}});
}

std::string NarrationStyle::on(Instant at) const {
  const auto text = moment(at);
  const bool time_only = text.size() > 2 && text[0] >= '0' && text[0] <= '2' && text[2] == ':';
  return time_only ? say("time.at", {{"time", text}}) : say("time.on", {{"moment", text}});
}

std::string NarrationStyle::span(Duration length) const {
  const std::int64_t ms = std::max<std::int64_t>(length.ms, 0), minutes = ms / 60'000;
  if (minutes == 0) {
    const auto tenth = ms % 1000 / 100;
    const auto number =
        tenth == 0 ? fmt::format("{}", ms / 1000)
                   : fmt::format("{}{}{}", ms / 1000, texts->text("time.decimal_point"), tenth);
    return say("time.seconds", {{"number", number}});
  }
  const auto rest = say("time.minutes", {{"number", minutes % 60}});
  if (minutes < 60) return rest;
  const auto hours = say("time.hours", {{"number", minutes / 60}});
  return minutes % 60 == 0 ? hours : hours + ' ' + rest;
}

NarrationStyle telling_by(std::shared_ptr<const Policy> policy, TextsPtr texts) {
  NarrationStyle how(std::move(texts));
  if (const auto* office = policy->calendars.find(policy->sla->calendar))
    how.zone = office->spec().zone;
  how.clock = [policy, texts = how.texts](std::string_view definition) {
    return clock_label(*policy->sla, definition, *texts);
  };
  how.name = [policy = std::move(policy), texts = how.texts](std::string_view id) {
    const auto name = policy->routing->name_of(id);
    if (name != id) return name;
    if (policy->sla->find(id) != nullptr) return clock_label(*policy->sla, id, *texts);
    const auto* reason = reason_of(*policy->lifecycle, id);
    return reason == nullptr ? name : reason->label.in(texts->tag());
  };
  return how;
}

std::string points_text(std::int64_t milli_points, const Texts& texts) {
  // To the nearest tenth: a point that has just begun to decay (14.999) is still 15 to a reader.
  const auto tenths = ((milli_points < 0 ? -milli_points : milli_points) + 50) / 100;
  auto out = fmt::format("{}{}", milli_points < 0 && tenths > 0 ? "-" : "", tenths / 10);
  const auto tenth = tenths % 10;
  if (tenth != 0) out += fmt::format("{}{}", texts.text("time.decimal_point"), tenth);
  return out;
}

}  // namespace baton
