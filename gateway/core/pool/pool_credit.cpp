#include "gateway/core/pool/pool_credit.h"

#include <algorithm>

#include "gateway/core/pool/pool.h"
#include "gateway/core/pool/stride.h"

namespace baton {
namespace {

// The newest stored answer that the credit names.
KeptPick* find_pick(PoolState& state, const Credit& credit) {
  const auto episode = credit.key.substr(0, credit.key.rfind(':') + 1);
  const std::string& wanted = credit.pick.empty() ? episode : credit.pick;
  if (wanted.empty()) return nullptr;
  const bool prefix = wanted.back() == ':';
  const auto matches = [&](const KeptPick& p) {
    if (p.rep != credit.rep) return false;
    return prefix ? p.key.compare(0, wanted.size(), wanted) == 0 : p.key == wanted;
  };
  const auto at = std::find_if(state.recent.rbegin(), state.recent.rend(), matches);
  return at != state.recent.rend() ? &*at : nullptr;
}

void remember(PoolState& state, const std::string& key) {
  state.credited.push_back(key);
  if (state.credited.size() > kKeptPicks) state.credited.erase(state.credited.begin());
}

void uncount(MemberState& member, const KeptPick* pick) {
  member.mass = std::max<std::int64_t>(0, member.mass - (pick != nullptr ? pick->mass : 0));
  member.count = std::max<std::int64_t>(0, member.count - 1);
  ++member.credits;
}

// A cap counts work, so a lead given back on the same day frees its place.
void free_place(MemberState& member, const KeptPick* pick) {
  if (pick == nullptr || pick->day != member.day) return;
  member.in_day = std::max(0, member.in_day - 1);
  member.in_week = std::max(0, member.in_week - 1);
}

}  // namespace

std::pair<PoolState, Reasons> give_back(PoolState state, const Credit& credit, const Pool& pool) {
  if (std::find(state.credited.begin(), state.credited.end(), credit.key) != state.credited.end())
    return {std::move(state), {}};
  const auto at = state.members.find(credit.rep);
  if (at == state.members.end()) return {std::move(state), {}};
  KeptPick* pick = find_pick(state, credit);
  // A turn that is named but no longer stored may never have been taken.
  const bool named = !credit.pick.empty() && credit.pick.back() != ':';
  const bool nothing_owed = pick != nullptr ? pick->given_back : at->second.count == 0 || named;
  if (nothing_owed) return {std::move(state), {}};
  const std::int64_t cost = pick != nullptr ? pick->cost : average_cost(pool, state, kTurn);
  const auto* member = pool.member(credit.rep);
  free_place(at->second, pick);
  if (cost > 0) {
    advance(at->second, -cost, member != nullptr ? member->weight : 1);
    uncount(at->second, pick);
  } else {
    at->second.owned = std::max<std::int64_t>(0, at->second.owned - 1);
  }
  if (credit.why == "procedural" || credit.why == "clerical") ++at->second.rejected;
  if (pick != nullptr) pick->given_back = true;
  remember(state, credit.key);
  Reasons reasons;
  reasons.begin("pool.credit", "routing.pools.", pool.id)
      .facts({{"rep", credit.rep},
              {"cost", cost},
              {"pass", at->second.pass},
              {"why", FactValue::if_said(credit.why)}});
  return {std::move(state), std::move(reasons)};
}

bool count_accepted(PoolState& state, std::string_view key, const RepId& rep) {
  if (std::find(state.credited.begin(), state.credited.end(), key) != state.credited.end())
    return false;
  ++state.members[rep].accepted;
  remember(state, std::string(key));
  return true;
}

}  // namespace baton
