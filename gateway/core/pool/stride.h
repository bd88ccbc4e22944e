#pragma once

#include <cstdint>

#include "gateway/core/pool/pool.h"

namespace baton {

// The arithmetic of fair shares: exact fractions in integers.

// The cost of a lead in pass units, before the weight: one turn, or its score in points.
std::int64_t cost_of(const Pool& pool, std::int64_t score_mass);

// The average cost of this pool's leads so far, for the bound of a return and for credits of picks
// that are no longer stored. `fallback` if the pool has had none.
std::int64_t average_cost(const Pool& pool, const PoolState& state, std::int64_t fallback);

// Moves the pass by cost / weight. A negative cost gives a turn back. The division rounds down and
// carries the remainder.
void advance(MemberState& member, std::int64_t cost, int weight);

// -1, 0 or 1 if a's pass is lower, equal or higher. Compares the carried fractions exactly.
int compare_pass(const MemberState& a, int weight_a, const MemberState& b, int weight_b);

// Raises a returning rep's pass to `reference` less the turns they may catch up, if it is lower.
void rejoin(MemberState& member, std::int64_t reference, std::int64_t bound, int weight);

}  // namespace baton
