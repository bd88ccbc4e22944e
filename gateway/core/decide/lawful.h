#pragma once

#include "gateway/core/decision/decision_context.h"

namespace baton {

// After every event: decides again whether a rep may call the lead, and pauses or resumes the
// clocks that depend on it. Needs an open lead.
void reassess_contact(DecisionContext& s);

}  // namespace baton
