#pragma once

#include <optional>

#include "gateway/core/decision/decision_context.h"

namespace baton {

// Does what the policy says about a breach (accept, recycle or reassign) while the lead is only
// offered. Then ends the clock if its definition wants no tracking after the breach. `stale_since`:
// since when the CRM has reported nothing; nothing if its news are recent. If the CRM is silent, or
// if Baton was down, a reassignment waits a few minutes: the rep may have called.
void act_on_breach(DecisionContext& s, ClockInstance& clock, std::optional<Instant> stale_since);

// The wait that act_on_breach() set is over. Returns false if `due` is not the clock's time to act.
bool act_due(DecisionContext& s, const ClockId& clock, Instant due,
             std::optional<Instant> stale_since);

}  // namespace baton
