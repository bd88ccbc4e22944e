#pragma once

#include "gateway/core/policy/policy.h"

namespace baton {

// The rules that a clock runs by: those in force when it started if the policy applies a change to
// new clocks only, otherwise those of today.
const SlaPolicy& sla_of(const Policy& policy, const ClockInstance& clock);

// The clock's definition by these rules. A clock whose definition has left the policy still
// breaches and does nothing else.
const ClockDefinition& definition_of(const Policy& policy, const ClockInstance& clock);

// The clock's calendar by these rules; the calendar without closed hours if they name none.
const BusinessCalendar& calendar_of(const Policy& policy, const ClockInstance& clock);

}  // namespace baton
