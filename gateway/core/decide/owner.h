#pragma once

#include "gateway/core/decision/decision_context.h"

namespace baton {

// Owners of the lead.

// Requests an owner from the pool that the routing rules choose. `credit_to`: the rep whose turn
// the request gives back.
void ask_for_owner(DecisionContext& s, const RepId& credit_to = {});

// Takes the lead from its owner and requests another one; reps who lost or refused the lead are
// excluded. Needs a handover.
void pass_on(DecisionContext& s, HandoverState end, std::string_view reason,
             const RepId& credit_to = {});

// Whether the policy allows one more owner.
bool may_pass_on(const DecisionContext& s);

// Gives the lead to this rep without asking a pool. `rule`: "crm" if a human chose the rep in the
// CRM, "meeting" if the rep hosts the meeting.
void assign(DecisionContext& s, const RepId& rep, std::string_view rule);

// Accepts the handover and enters SAL. `implied`: the owner acted without accepting first. `by`:
// the evidence.
void accept_handover(DecisionContext& s, Instant at, bool implied, std::string_view by);

// Gives the lead back to an owner whose contact was in time after all, and takes it from the next
// owner, who has not begun.
void restore_owner(DecisionContext& s, const RepId& rep, Instant at, std::string_view evidence);

// A pool has answered.
void decide_owner(DecisionContext& s, const OwnerPicked& event);

}  // namespace baton
