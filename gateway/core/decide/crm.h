#pragma once

#include "gateway/core/decision/decision_context.h"

namespace baton {

// A touch of a CRM about the lead; most are read as feedback of sales. The returned activity says
// whether an attempt was recorded.
Activity decide_crm_touch(DecisionContext& s, const Touch& touch);

}  // namespace baton
