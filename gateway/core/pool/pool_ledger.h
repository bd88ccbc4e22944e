#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include <boost/json/object.hpp>

#include "gateway/core/pool/pool.h"

namespace baton {

// The fairness ledger (requirements F25, N17): for each member of a pool the leads they should have
// had, the leads they had, and the causes of the difference. Shares are in thousandths. Integers
// only.
struct LedgerRow {
  RepId rep;
  int weight = 1;
  std::int64_t target = 0, share = 0;  // thousandths of the weights, and of the turns taken
  std::int64_t mass_share = 0;         // thousandths of the scores
  std::int64_t expected = 0;           // turns, rounded
  std::int64_t deviation = 0;          // turns taken less those expected
  // Turns that the rep has lost for good: before they joined, or while away.
  std::int64_t forgone = 0;
  MemberState turns;
  int open = 0, untouched = 0, today = 0;  // over all pools
  // Codes: "forgone", "away", "credits", "owner_matches", "over_cap", "not_member" (escalation,
  // another pool's turns), "left".
  std::vector<std::string> because;
};

// One row for each present or former member, by rep id.
std::vector<LedgerRow> ledger_of(const Pool& pool, const PoolState& state, const RepLoads& loads,
                                 const RoutingPolicy& policy);
boost::json::object to_json(const LedgerRow& row);

}  // namespace baton
