#pragma once

#include <optional>

#include "gateway/core/calendar/calendar.h"
#include "gateway/core/routing/routing_policy.h"
#include "mapping/schema/finding.h"
#include "mapping/schema/yaml.h"

namespace baton {

// Warnings, and errors that also need the calendars: unknown calendars, reps who left but are still
// in a pool, rules that can never match, members who can never be picked. load_routing reports the
// errors that need only the file.
void lint_routing(const YamlDocument& yaml, const RoutingPolicy& policy,
                  const CalendarSet& calendars, Findings& findings);

// Warns of reps who have left but are still named by a pool, a rule, a team or an account. Without
// a day, only reps with `active: false` have left; with a day, also those whose last day is
// earlier.
void lint_departed(const YamlDocument& yaml, const RoutingPolicy& policy,
                   std::optional<std::int32_t> today, Findings& findings);

}  // namespace baton
