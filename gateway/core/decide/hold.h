#pragma once

#include "gateway/core/decision/decision_context.h"

namespace baton {

// A lead on hold: a closed one whose reason is owed, or a disqualified one that a rep wants back.

// Puts a closed lead on hold until sales gives the reason.
void owe_reason(DecisionContext& s, Instant at);

// Sales gives the owed reason, see reason_of().
void decide_reason(DecisionContext& s, const SalesFeedback& f, Instant at);

// T18: a rep asks for a disqualified lead, or a second rep answers. The policy says whether a
// second person has to agree.
void decide_reopen(DecisionContext& s, const SalesFeedback& f, const Reopen& said);

}  // namespace baton
