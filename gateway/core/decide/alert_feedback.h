#pragma once

#include "gateway/core/decision/decision_context.h"

namespace baton {

// A rep answers an alert. The answer is about the clock that they name, otherwise about the
// breached or next due clock. Reps who do not get the clock's alerts are refused.

// The rep has seen the alert: later steps of the clock do not notify them.
void acknowledge(DecisionContext& s, const SalesFeedback& f, const Acknowledge& said);

// The rep wants to be reminded at `said.until`. A reason or a note is required.
void snooze(DecisionContext& s, const SalesFeedback& f, const Snooze& said);

}  // namespace baton
