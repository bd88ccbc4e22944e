#pragma once

#include <string>

#include "gateway/core/calendar/calendar.h"
#include "gateway/core/model/person.h"
#include "gateway/core/routing/routing_policy.h"
#include "gateway/core/sla/sla_policy.h"

namespace baton {

// Whose business time a clock counts by: a named calendar, the owner's, the team's, or that of the
// lead's place; and in whose zone its windows lie. The windows of a calendar in another zone are a
// calendar of their own, named "office@Europe/Vienna", made when the policy is loaded.

struct ClockWhere {
  const SlaPolicy& sla;
  const RoutingPolicy& routing;
  const CalendarSet& calendars;
};

// The name to find it by in the set. What cannot be told (no owner yet, an unknown place) is the
// policy's default.
std::string clock_calendar(const ClockWhere& where, const ClockDefinition& definition,
                           const PersonState& person);

// Makes the calendars that clock_calendar may name. Unknown zones are findings with their place in
// `yaml`, policy/sla.yaml.
void add_clock_calendars(const SlaPolicy& sla, const RoutingPolicy& routing,
                         const YamlDocument& yaml, CalendarSet& calendars, Findings& findings);

}  // namespace baton
