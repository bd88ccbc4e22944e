#include "mapping/icalendar.h"

#include <libical/ical.h>

#include <algorithm>
#include <memory>
#include <set>
#include <string>

namespace baton {
namespace {

constexpr std::size_t kLongest = 1 << 20;
constexpr std::int64_t kDay = 86'400;
constexpr std::int32_t kFirstDay = 10'957;   // 2000-01-01
constexpr std::int32_t kEndDay = 47'482;     // 2100-01-01
constexpr std::int32_t kLongestEvent = 366;  // days

struct FreeComponent {
  void operator()(icalcomponent* c) const { icalcomponent_free(c); }
};

struct Taken {
  std::int32_t length = 1;  // days of one repeat
  std::set<std::int32_t>& days;
};

// The library returns each repeat as a span of seconds; a date is midnight in UTC. The end has a
// different meaning for events with and without DTEND, so the length is computed from the event.
void add_repeat(icalcomponent*, icaltime_span* span, void* data) {
  auto& taken = *static_cast<Taken*>(data);
  const auto first = static_cast<std::int32_t>(span->start / kDay);
  for (auto day = first; day < first + taken.length; ++day) {
    if (day >= kFirstDay && day < kEndDay) taken.days.insert(day);
  }
}

std::int32_t length_of(icalcomponent* event, const icaltimetype& start) {
  const icaltimetype end =
      icalcomponent_get_dtend(event);  // computed from DURATION if that is given
  if (!icaltime_is_valid_time(end) || icaltime_is_null_time(end)) return 1;
  const std::int64_t seconds = icaltime_as_timet(end) - icaltime_as_timet(start);
  return std::clamp<std::int32_t>(static_cast<std::int32_t>(seconds / kDay), 1, kLongestEvent);
}

// Has no meaning for a date, and would make the library walk through every second of a century.
bool repeats_within_a_day(icalcomponent* event) {
  auto* rule = icalcomponent_get_first_property(event, ICAL_RRULE_PROPERTY);
  return rule != nullptr && icalproperty_get_rrule(rule).freq < ICAL_DAILY_RECURRENCE;
}

void add_event(icalcomponent* event, std::set<std::int32_t>& days) {
  const icaltimetype start = icalcomponent_get_dtstart(event);
  if (!icaltime_is_valid_time(start) || !icaltime_is_date(start)) return;
  if (icalcomponent_get_status(event) == ICAL_STATUS_CANCELLED || repeats_within_a_day(event))
    return;
  Taken taken{length_of(event, start), days};
  icalcomponent_foreach_recurrence(event, icaltime_from_day_of_year(1, 2000),
                                   icaltime_from_day_of_year(1, 2100), add_repeat, &taken);
}

void add_events(icalcomponent* component, std::set<std::int32_t>& days) {
  for (auto* c = icalcomponent_get_first_component(component, ICAL_ANY_COMPONENT); c != nullptr;
       c = icalcomponent_get_next_component(component, ICAL_ANY_COMPONENT)) {
    if (icalcomponent_isa(c) == ICAL_VEVENT_COMPONENT)
      add_event(c, days);
    else if (icalcomponent_isa(c) == ICAL_VCALENDAR_COMPONENT)  // several calendars in one file
      add_events(c, days);
  }
}

}  // namespace

Result<std::vector<std::int32_t>> all_day_events(std::string_view text) {
  if (text.size() > kLongest)
    return error(Errc::kInvalidInput, "an iCalendar file must not exceed 1 MiB");
  const std::unique_ptr<icalcomponent, FreeComponent> root(
      icalparser_parse_string(std::string(text).c_str()));
  const auto kind = root ? icalcomponent_isa(root.get()) : ICAL_NO_COMPONENT;
  if (kind != ICAL_VCALENDAR_COMPONENT && kind != ICAL_XROOT_COMPONENT)
    return error(Errc::kInvalidInput, "not an iCalendar file: it must begin with BEGIN:VCALENDAR");
  std::set<std::int32_t> days;
  add_events(root.get(), days);
  if (days.empty())
    return error(Errc::kInvalidInput,
                 "the iCalendar file has no all-day event in the years 2000 to 2099");
  return std::vector<std::int32_t>(days.begin(), days.end());
}

}  // namespace baton
