#pragma once

#include <cstdint>

#include "gateway/core/pool/pool.h"

namespace baton {

// The arithmetic of fair shares: exact fractions in integers.

// What a lead costs in pass units, before the weight: a turn, or its score in points.
std::int64_t cost_of(const Pool& pool, std::int64_t score_mass);

// What an average lead of this pool has cost, for the bound of a return and for credits of picks
// no longer kept; `fallback` where the pool has seen none.
std::int64_t average_cost(const Pool& pool, const PoolState& state, std::int64_t fallback);

// Moves the pass by cost / weight; a negative cost gives back. Division rounds down, the rest is
// carried.
void advance(MemberState& member, std::int64_t cost, int weight);

// -1, 0, 1: whether a's pass is lower, the same, or higher, the carried fractions compared exactly.
int compare_pass(const MemberState& a, int weight_a, const MemberState& b, int weight_b);

// Puts a returner at the higher of his own pass and `reference` less the turns he may catch up.
void rejoin(MemberState& member, std::int64_t reference, std::int64_t bound, int weight);

}  // namespace baton
