#include <set>

#include "gateway/app/admin/admin_backend.h"
#include "gateway/app/workers/pool_assigner.h"
#include "gateway/core/pool/pool_ledger.h"
#include "mapping/json/json.h"

namespace baton {
namespace {

std::string_view name_of(PoolMode mode) {
  if (mode == PoolMode::kScoreMass) return "score_mass";
  return mode == PoolMode::kLeastLoaded ? "least_loaded" : "count";
}

json::object pool_view(const Pool& pool, const PoolBooks& books, const RoutingPolicy& routing) {
  json::array members;
  for (const auto& row : ledger_of(pool, books.turns, books.loads, routing))
    members.push_back(to_json(row));
  json::object view{{"id", pool.id},
                    {"name", pool.name},
                    {"share_by", name_of(pool.mode)},
                    {"picks", books.turns.picks},
                    {"nobody", books.turns.nobody},
                    {"caught", books.turns.caught},
                    {"members", std::move(members)}};
  put(view, "turns_with", pool.turns_with);
  return view;
}

}  // namespace

// The fairness ledger of each pool: target shares, actual shares, and the causes of the difference.
Result<json::object> AdminBackend::pools() {
  const std::lock_guard lock(mutex_);
  auto s = store();
  if (!s) return s.error();
  const auto policy = runtime_.configuration.policy.load();
  json::array items;
  for (const auto& pool : policy->routing->pools) {
    std::set<RepId> reps;
    for (const auto& member : pool.members) reps.insert(member.rep);
    const auto books = open_books(**s, pool.turns(), {reps.begin(), reps.end()});
    if (!books) return books.error();
    items.push_back(pool_view(pool, *books, *policy->routing));
  }
  return json::object{{"items", std::move(items)}};
}

}  // namespace baton
