#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "gateway/core/pool/pool.h"

namespace baton {

// Every rep whose work can affect the answer or is changed by it: members, the preferred rep, the
// reps of an escalation, and the rep whose turn the request gives back.
std::vector<RepId> pickable(const RoutingPolicy& policy, const OwnerRequest& request);

// The rest is for pick() and its parts only.

// The reps whom an escalation asks, in order, without duplicates.
std::vector<RepId> escalation_chain(const RoutingPolicy& policy, const Pool& pool);

// A number below `among`, from a hash of the lead, the pool and its count of picks. It breaks ties,
// so that no name has an advantage and the same log gives the same answer.
std::size_t draw(const OwnerRequest& request, const PoolState& state, std::size_t among);

// The stored answer to this request. Empty if none is stored.
std::optional<Pick> kept_answer(const PoolState& state, const OwnerRequest& request);

// Records a stored answer in the loads. Another attempt at the request may have recorded a
// different rep.
void record_pick(RepLoads& loads, const OwnerRequest& request, const RepId& rep, Instant now);

}  // namespace baton
