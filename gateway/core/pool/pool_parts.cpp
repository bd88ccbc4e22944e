#include "gateway/core/pool/pool_parts.h"

#include <algorithm>
#include <charconv>

#include <fmt/format.h>

#include "mapping/json/json.h"

namespace baton {

std::vector<RepId> escalation_chain(const RoutingPolicy& policy, const Pool& pool) {
  const Rep* lead = policy.lead_of(pool.team);
  const Rep* head = policy.head_of(pool.team);
  std::vector<RepId> chain;
  for (const auto& rep : {pool.escalate_to, lead != nullptr ? lead->id : RepId(),
                          head != nullptr ? head->id : RepId()}) {
    if (!rep.empty() && std::find(chain.begin(), chain.end(), rep) == chain.end())
      chain.push_back(rep);
  }
  return chain;
}

std::size_t draw(const OwnerRequest& request, const PoolState& state, std::size_t among) {
  const std::string digest =
      sha256_hex(fmt::format("{}\n{}\n{}", request.tie_break.view(), request.pool, state.picks));
  std::uint64_t number = 0;
  std::from_chars(digest.data(), digest.data() + 16, number, 16);
  return static_cast<std::size_t>(number % among);
}

std::optional<Pick> kept_answer(const PoolState& state, const OwnerRequest& request) {
  const auto at = std::find_if(state.recent.rbegin(), state.recent.rend(),
                               [&](const KeptPick& p) { return p.key == request.key; });
  if (at == state.recent.rend()) return std::nullopt;
  Reasons reasons;
  reasons.begin("pool.repeated", "routing.pools.", request.pool).fact("rep", at->rep);
  return Pick{at->rep, std::move(reasons), true, at->retry_at};
}

void record_pick(RepLoads& loads, const OwnerRequest& request, const RepId& rep, Instant now) {
  for (auto& [id, load] : loads) {
    if (id != rep) untake(load, request.key, request.tie_break);
  }
  const auto his = loads.find(rep);
  if (his == loads.end() || request.tie_break.empty()) return;
  his->second.leads.try_emplace(request.tie_break, OpenLead{true, now});
}

std::vector<RepId> pickable(const RoutingPolicy& policy, const OwnerRequest& request) {
  std::vector<RepId> reps;
  const Pool* pool = policy.pool(request.pool);
  if (pool == nullptr) return reps;
  for (const auto& member : pool->members) reps.push_back(member.rep);
  for (const auto* rep : {&request.preferred, &request.credit_to})
    if (!rep->empty()) reps.push_back(*rep);
  for (auto& rep : escalation_chain(policy, *pool)) reps.push_back(std::move(rep));
  std::sort(reps.begin(), reps.end());
  reps.erase(std::unique(reps.begin(), reps.end()), reps.end());
  return reps;
}

}  // namespace baton
