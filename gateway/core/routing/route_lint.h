#pragma once

#include <optional>

#include "gateway/core/calendar/calendar.h"
#include "gateway/core/routing/routing_policy.h"
#include "mapping/schema/finding.h"
#include "mapping/schema/yaml.h"

namespace baton {

// What only shows beside the calendars, or is no error but wants a look: unknown calendars, reps
// who left and are still in a pool, rules that can never match, members who can never be picked.
// load_routing has the errors that need the file alone.
void lint_routing(const YamlDocument& yaml, const RoutingPolicy& policy,
                  const CalendarSet& calendars, Findings& findings);

// Everybody who has left and is still named: by a pool, a rule, a team, an account. Without a day
// only those of `active: false` have left; with one, also those whose last day is before it.
void lint_departed(const YamlDocument& yaml, const RoutingPolicy& policy,
                   std::optional<std::int32_t> today, Findings& findings);

}  // namespace baton
