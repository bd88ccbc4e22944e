#pragma once

#include "gateway/core/pool/rep_load.h"

#include "gateway/core/decision/decision_context.h"

namespace baton {

// Reports of a decision to pools.

// OwnerRequest::key of a hop.
std::string request_key(const PersonState& person, const Lead& lead, int hop);

// The state of the person that pools depend on.
struct PoolView {
  std::optional<LeadWork> work;
  HandoverId handover;  // of the open one; "" if there is none
};
PoolView pool_view(const PersonState& person);

// Reports to the pools what has changed since `before`.
void tell_pools(DecisionContext& s, const PoolView& before);

// Gives the rep's turn back if the pool's policy gives credit for this: "clerical", "no_show" or
// "withdrawn".
void give_turn_back(DecisionContext& s, const Handover& handover, std::string_view why);

// Gives back the turn of an answer that came too late to be used.
void return_unused(DecisionContext& s, const OwnerPicked& event);

}  // namespace baton
