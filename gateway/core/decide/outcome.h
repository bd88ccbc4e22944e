#pragma once

#include "gateway/core/decision/decision_context.h"

namespace baton {

// An effect was delivered, or has failed for good.
void decide_outcome(DecisionContext& s, const EffectOutcome& event);

}  // namespace baton
