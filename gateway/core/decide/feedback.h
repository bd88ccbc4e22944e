#pragma once

#include "gateway/core/decision/decision_context.h"

namespace baton {

// Feedback of sales about a lead. The returned activity says whether an attempt was recorded.
Activity decide_feedback(DecisionContext& s, const SalesFeedback& event);

// Remembers an id among the newest 64. Returns false, with a reason, if it was applied before.
bool first_time(DecisionContext& s, const std::string& id);

}  // namespace baton
