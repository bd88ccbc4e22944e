#pragma once

#include "gateway/core/calendar.h"
#include "gateway/core/routing_policy.h"
#include "mapping/finding.h"
#include "mapping/yaml.h"

namespace baton {

// What only shows beside the calendars, or is no error but wants a look: unknown calendars, reps
// who left and are still in a pool, rules that can never match, members who can never be picked.
// load_routing has the errors that need the file alone.
void lint_routing(const YamlDocument& yaml, const RoutingPolicy& policy,
                  const CalendarSet& calendars, Findings& findings);

}  // namespace baton
