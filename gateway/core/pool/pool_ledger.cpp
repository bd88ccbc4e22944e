#include "gateway/core/pool/pool_ledger.h"

#include <algorithm>
#include <set>

#include "mapping/json/json.h"

namespace baton {
namespace {

std::int64_t thousandths(std::int64_t part, std::int64_t whole) {
  return whole > 0 ? (part * 1000 + whole / 2) / whole : 0;
}

struct Totals {
  std::int64_t weight = 0, count = 0, mass = 0;
};

// Each turn moves the pass on by a turn over the weight. Any excess is what the rep was moved
// forward by when they joined or returned. In a pool that shares scores, a turn is the average
// score.
std::int64_t forgone(const Pool& pool, const PoolState& state, const MemberState& m, int weight) {
  std::int64_t cost = kTurn;
  if (pool.mode == PoolMode::kScoreMass) {
    if (m.count == 0) return 0;
    const std::int64_t spent = m.mass * (kTurn / 1000);
    cost = std::max<std::int64_t>(spent / m.count, 1);
    if (state.picks == 0) return 0;
  }
  return (m.pass * weight + m.carry) / cost - m.count;
}

LedgerRow row_of(const RepId& rep, const PoolMember* member, const Pool& pool,
                 const PoolState& state, const Totals& totals) {
  LedgerRow row;
  row.rep = rep;
  row.weight = member != nullptr ? member->weight : 0;
  if (const auto known = state.members.find(rep); known != state.members.end())
    row.turns = known->second;
  row.target = thousandths(row.weight, totals.weight);
  row.share = thousandths(row.turns.count, totals.count);
  row.mass_share = thousandths(row.turns.mass, totals.mass);
  if (totals.weight > 0)
    row.expected = (totals.count * row.weight + totals.weight / 2) / totals.weight;
  row.deviation = row.turns.count - row.expected;
  if (member != nullptr) row.forgone = forgone(pool, state, row.turns, row.weight);
  return row;
}

void explain(LedgerRow& row, const RoutingPolicy& policy) {
  const Rep* rep = policy.rep(row.rep);
  const std::pair<bool, const char*> reasons[] = {{rep == nullptr || !rep->active, "left"},
                                                  {rep != nullptr && row.weight == 0, "not_member"},
                                                  {row.turns.away, "away"},
                                                  {row.forgone > 0, "forgone"},
                                                  {row.turns.credits > 0, "credits"},
                                                  {row.turns.owned > 0, "owner_matches"},
                                                  {row.turns.debt > 0, "over_cap"}};
  for (const auto& [holds, code] : reasons)
    if (holds) row.because.emplace_back(code);
}

}  // namespace

std::vector<LedgerRow> ledger_of(const Pool& pool, const PoolState& state, const RepLoads& loads,
                                 const RoutingPolicy& policy) {
  std::set<RepId> reps;
  Totals totals;
  for (const auto& m : pool.members) {
    reps.insert(m.rep);
    totals.weight += m.weight;
  }
  for (const auto& [rep, m] : state.members) {
    if (!reps.contains(rep) && pool.turns_with.empty() && m.count + m.owned > 0) reps.insert(rep);
    if (!reps.contains(rep)) continue;
    totals.count += m.count;
    totals.mass += m.mass;
  }
  std::vector<LedgerRow> rows;
  for (const auto& rep : reps) {
    auto row = row_of(rep, pool.member(rep), pool, state, totals);
    if (const auto load = loads.find(rep); load != loads.end()) {
      row.open = static_cast<int>(load->second.leads.size());
      row.untouched = load->second.untouched();
      row.today = load->second.in_day;
    }
    explain(row, policy);
    rows.push_back(std::move(row));
  }
  return rows;
}

json::object to_json(const LedgerRow& r) {
  json::array because;
  for (const auto& code : r.because) because.emplace_back(code);
  return {{"rep", r.rep.view()},           {"weight", r.weight},
          {"target_permille", r.target},   {"share_permille", r.share},
          {"mass_permille", r.mass_share}, {"count", r.turns.count},
          {"expected", r.expected},        {"deviation", r.deviation},
          {"forgone", r.forgone},          {"owned", r.turns.owned},
          {"mass", r.turns.mass},          {"accepted", r.turns.accepted},
          {"rejected", r.turns.rejected},  {"credits", r.turns.credits},
          {"debt", r.turns.debt},          {"open", r.open},
          {"untouched", r.untouched},      {"today", r.today},
          {"because", std::move(because)}};
}

}  // namespace baton
