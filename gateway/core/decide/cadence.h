#pragma once

#include "gateway/core/decision/decision_context.h"

namespace baton {

// After every event: opens, closes and plans the steps of the cadence of connect calls. Needs an
// open lead.
void advance_cadence(DecisionContext& s, const Activity& activity);

}  // namespace baton
