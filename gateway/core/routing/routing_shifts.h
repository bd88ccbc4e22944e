#pragma once

#include "gateway/core/calendar/calendar.h"
#include "gateway/core/routing/routing_policy.h"
#include "mapping/schema/finding.h"
#include "mapping/schema/yaml.h"

namespace baton {

// Working hours of single reps (requirement F11): weekly windows that replace the calendar's
// windows, and hours of single days. Zone, holidays and closing days remain the calendar's.

// The name of the calendar of a rep's shifts.
std::string shift_calendar(const RepId& rep);

// Adds a calendar for each rep with shifts, so that pools and clocks use the same hours. Reports
// errors in the shifts with their place.
void add_shift_calendars(const YamlDocument& yaml, const RoutingPolicy& policy,
                         CalendarSet& calendars, Findings& findings);

}  // namespace baton
