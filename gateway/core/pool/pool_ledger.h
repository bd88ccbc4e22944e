#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include <boost/json/object.hpp>

#include "gateway/core/pool/pool.h"

namespace baton {

// The fairness ledger (domain F25, N17): what each member of a pool was to get, what he got, and
// what explains the difference. Shares are in thousandths, integers only.
struct LedgerRow {
  std::string rep;
  int weight = 1;
  std::int64_t target = 0, share = 0;  // thousandths of the weights, and of the turns taken
  std::int64_t mass_share = 0;         // thousandths of the scores
  std::int64_t expected = 0;           // turns, rounded
  std::int64_t deviation = 0;          // turns taken less those expected
  std::int64_t forgone =
      0;  // turns he will not be given any more: from before he joined, or while away
  MemberState turns;
  int open = 0, untouched = 0, today = 0;  // over all pools
  std::vector<std::string>
      because;  // codes: "forgone", "away", "credits", "owner_matches", "over_cap",
                // "not_member" (escalation, another pool's turns), "left"
};

// One row for each member and for each who was one, by rep.
std::vector<LedgerRow> ledger_of(const Pool& pool, const PoolState& state, const RepLoads& loads,
                                 const RoutingPolicy& policy);
boost::json::object to_json(const LedgerRow& row);

}  // namespace baton
