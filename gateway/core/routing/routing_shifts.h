#pragma once

#include "gateway/core/calendar/calendar.h"
#include "gateway/core/routing/routing_policy.h"
#include "mapping/schema/finding.h"
#include "mapping/schema/yaml.h"

namespace baton {

// Working hours of single reps (domain F11), beside their calendars: weekly windows instead of the
// calendar's, and hours of single days. Zone, holidays and closing days are the calendar's.

// The name of the calendar of a rep's own shifts.
std::string shift_calendar(std::string_view rep);

// Adds a calendar for each rep with shifts, so that pools and clocks go by the same hours. What is
// wrong with them is added to the findings with its place.
void add_shift_calendars(const YamlDocument& yaml, const RoutingPolicy& policy,
                         CalendarSet& calendars, Findings& findings);

}  // namespace baton
