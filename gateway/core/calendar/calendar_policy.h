#pragma once

#include "gateway/core/calendar/calendar.h"
#include "mapping/schema/finding.h"
#include "mapping/schema/yaml.h"

namespace baton {

// Reads the calendars of policy/calendars.yaml. Reports each invalid calendar as calendar.invalid,
// with its place, and leaves it out.
CalendarSet load_calendars(const YamlDocument& yaml, Findings& findings);

}  // namespace baton
