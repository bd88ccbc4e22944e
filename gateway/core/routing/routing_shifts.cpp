#include "gateway/core/routing/routing_shifts.h"

#include <algorithm>

#include <fmt/format.h>

#include "gateway/core/calendar/calendar_spec.h"
#include "mapping/json/json.h"

namespace baton {
namespace {

// The calendar with its windows replaced by `shifts`. The lint of names reports unknown calendars.
Result<BusinessCalendar> shifted(const BusinessCalendar& base, const std::string& name,
                                 const json::object& shifts) {
  json::object written{{"zone", base.spec().zone}, {"windows", json::object{}}};
  const bool weekly = object(shifts, "windows") != nullptr;
  if (weekly) written["windows"] = *object(shifts, "windows");
  if (const auto* days = object(shifts, "days")) written["days"] = *days;
  auto own = read_calendar_spec(written);
  if (!own) return own.error();
  BusinessCalendar::Spec spec = base.spec();
  spec.name = name;
  if (weekly) std::copy(std::begin(own->windows), std::end(own->windows), std::begin(spec.windows));
  for (auto& [day, windows] : own->dated) spec.dated[day] = std::move(windows);
  return BusinessCalendar::make(std::move(spec));
}

}  // namespace

std::string shift_calendar(const RepId& rep) { return "shifts:" + rep.str(); }

void add_shift_calendars(const YamlDocument& yaml, const RoutingPolicy& policy,
                         CalendarSet& calendars, Findings& findings) {
  const auto* root = yaml.value.if_object();
  const auto* reps = root != nullptr ? array(*root, "reps") : nullptr;
  if (reps == nullptr) return;
  for (std::size_t i = 0; i < reps->size(); ++i) {
    const auto* o = (*reps)[i].if_object();
    const auto* shifts = o != nullptr ? object(*o, "shifts") : nullptr;
    if (shifts == nullptr) continue;
    const auto own = text(*o, "calendar");
    const std::string_view under = own.empty() ? std::string_view(policy.calendar) : own;
    const auto* base = under.empty() ? &BusinessCalendar::always() : calendars.find(under);
    if (base == nullptr) continue;
    const std::string name = shift_calendar(RepId(text(*o, "id")));
    auto calendar = shifted(*base, name, *shifts);
    if (calendar) {
      calendars.calendars.emplace(name, std::move(*calendar));
    } else {
      findings.push_back(yaml.finding(fmt::format("/reps/{}/shifts{}", i, calendar.error().where),
                                      calendar.error().message, "routing.bad_shift"));
    }
  }
}

}  // namespace baton
