#pragma once

#include <string>

#include "gateway/core/calendar/calendar.h"
#include "gateway/core/model/person.h"
#include "gateway/core/routing/routing_policy.h"
#include "gateway/core/sla/sla_policy.h"

namespace baton {

// The business time a clock counts by: a named calendar, the owner's, the team's, or that of the
// lead's place. The zone of its windows can differ from the calendar's. The windows of calendar
// "office" in another zone are a separate calendar, named "office@Europe/Vienna", which is created
// when the policy is loaded.

struct ClockWhere {
  const SlaPolicy& sla;
  const RoutingPolicy& routing;
  const CalendarSet& calendars;
};

// The calendar's name in the set. The policy's default if it cannot be determined: no owner yet, or
// an unknown place.
std::string clock_calendar(const ClockWhere& where, const ClockDefinition& definition,
                           const PersonState& person);

// Adds the calendars that clock_calendar may name to the set. Reports unknown zones with their
// place in `yaml`, which is policy/sla.yaml.
void add_clock_calendars(const SlaPolicy& sla, const RoutingPolicy& routing,
                         const YamlDocument& yaml, CalendarSet& calendars, Findings& findings);

}  // namespace baton
