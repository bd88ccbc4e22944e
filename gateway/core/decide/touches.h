#pragma once

#include "gateway/core/decision/decision_context.h"

namespace baton {

// Touches have arrived: merges them into the person and decides what they mean for the lead.
Activity decide_touches(DecisionContext& s, const TouchesReceived& event);

}  // namespace baton
