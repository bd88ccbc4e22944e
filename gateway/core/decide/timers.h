#pragma once

#include "gateway/core/decision/decision_context.h"

namespace baton {

// A timer has fired. A timer that the person no longer has, or that was set to another instant, is
// ignored, with a reason.
void decide_timer(DecisionContext& s, const TimerFired& event);

}  // namespace baton
