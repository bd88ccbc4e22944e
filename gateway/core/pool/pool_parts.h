#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "gateway/core/pool/pool.h"

namespace baton {

// What picking is made of besides the turns themselves. Not used outside.

// Whom an escalation asks, in order, each once.
std::vector<std::string> escalation_chain(const RoutingPolicy& policy, const Pool& pool);

// A number below `among`. Ties are broken by a hash of the lead, the pool and its count: nobody is
// ahead by his name, and the same log gives the same answer.
std::size_t draw(const OwnerRequest& request, const PoolState& state, std::size_t among);

// The answer that was given to this request, where one is kept.
std::optional<Pick> kept_answer(const PoolState& state, const OwnerRequest& request);

// An answer that was given stands, also where another attempt at it had set down somebody else's
// work.
void record_pick(RepLoads& loads, const OwnerRequest& request, const std::string& rep, Instant now);

}  // namespace baton
