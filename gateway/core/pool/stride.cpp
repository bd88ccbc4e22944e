#include "gateway/core/pool/stride.h"

#include <algorithm>

namespace baton {
namespace {

constexpr std::int64_t kPoint = 1000;                      // milli-points
constexpr std::int64_t kHighestMass = 1'000'000 * kPoint;  // keeps every sum far below 2^63

}  // namespace

std::int64_t cost_of(const Pool& pool, std::int64_t score_mass) {
  if (pool.mode == PoolMode::kCount) return kTurn;
  // At least one point: leads without a score are work too, and must not be free.
  return std::clamp(score_mass, kPoint, kHighestMass) * (kTurn / kPoint);
}

std::int64_t average_cost(const Pool& pool, const PoolState& state, std::int64_t fallback) {
  if (pool.mode == PoolMode::kCount) return kTurn;
  std::int64_t mass = 0;
  std::int64_t count = 0;
  for (const auto& [rep, member] : state.members) {
    mass += member.mass;
    count += member.count;
  }
  return count > 0 && mass > 0 ? cost_of(pool, mass / count) : fallback;
}

void advance(MemberState& member, std::int64_t cost, int weight) {
  const std::int64_t total = member.carry + cost;
  std::int64_t whole = total / weight;
  if (total % weight < 0) --whole;
  member.pass += whole;
  member.carry = total - whole * weight;
}

int compare_pass(const MemberState& a, int weight_a, const MemberState& b, int weight_b) {
  if (a.pass != b.pass) return a.pass < b.pass ? -1 : 1;
  const std::int64_t left = a.carry * weight_b;
  const std::int64_t right = b.carry * weight_a;
  return left == right ? 0 : (left < right ? -1 : 1);
}

void rejoin(MemberState& member, std::int64_t reference, std::int64_t bound, int weight) {
  member.away = false;
  const std::int64_t earliest = reference - bound / weight;
  if (member.pass >= earliest) return;
  member.pass = earliest;
  member.carry = 0;
}

}  // namespace baton
