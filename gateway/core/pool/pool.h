#pragma once

#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include <boost/json/value.hpp>

#include "gateway/core/calendar/calendar.h"
#include "gateway/core/model/effect.h"
#include "gateway/core/model/reason.h"
#include "gateway/core/pool/rep_load.h"
#include "gateway/core/routing/routing_policy.h"
#include "mapping/result.h"

namespace baton {

// Fair shares by stride scheduling: every lead moves its owner's pass on by cost / weight, and the
// lowest pass is next. Uses integers only. The remainder of a division is carried, so shares never
// drift.

// One turn of a member of weight 1, in pass units.
inline constexpr std::int64_t kTurn = 1'000'000;

struct MemberState {
  std::int64_t pass = 0;
  std::int64_t carry = 0;    // remainder of the pass: numerator over the weight, below the weight
  std::int64_t count = 0;    // turns taken, less those given back
  std::int64_t owned = 0;    // leads that used no turn: account owner's, or by escalation
  std::int64_t mass = 0;     // milli-points of the turns taken
  std::int64_t debt = 0;     // hot leads taken over a cap, ever
  std::int64_t credits = 0;  // turns given back, ever
  bool joined = false;       // has a place in the turns
  bool away = false;         // has missed a turn since the rep last was a candidate
  std::optional<Instant> last_pick;
  std::int64_t rejected = 0;  // turns given back because the lead was rejected
  std::int64_t accepted = 0;  // leads of this pool that the rep accepted, ever
  std::int32_t day = 0,
               week = 0;  // local day and week of the two counters, which count this pool only
  std::int32_t in_day = 0, in_week = 0;
};

// An answer, kept so that a repeated request gets the same one.
struct KeptPick {
  std::string key;
  RepId rep;              // "": no rep
  std::int64_t cost = 0;  // pass units before the weight; 0: used no turn
  std::int64_t mass = 0;
  std::int32_t day = 0;
  bool given_back = false;
  std::optional<Instant> retry_at;  // without a rep: Pick::retry_at
};

// The pool document, without its version. Members stay after they leave the policy, as history.
struct PoolState {
  std::map<RepId, MemberState, std::less<>> members;
  std::int64_t reach = 0;             // the highest pass that ever was next in turn
  std::int64_t picks = 0;             // requests answered with a rep
  std::int64_t nobody = 0;            // requests answered without a rep
  std::int64_t caught = 0;            // of the picks: leads that no rule matched
  std::vector<KeptPick> recent;       // oldest first, the newest kKeptPicks
  std::vector<std::string> credited;  // keys of credits applied, the newest kKeptPicks
};
inline constexpr std::size_t kKeptPicks = 512;

struct Pick {
  RepId rep;                        // "": no rep; see reasons
  Reasons reasons;                  // candidates, exclusions, passes before and after, tie-break
  bool repeated = false;            // the stored answer; the state is unchanged
  std::optional<Instant> retry_at;  // without a rep: the earliest instant at which one may be free
};

// Answers one request. Pure and total: the same arguments give the same bytes. `state` belongs to
// the pool that stores the turns (Pool::turns). Applies the request's credit first if it is for
// this document; the caller applies a credit for another document by give_back. Move the state in,
// because a document is large. `loads` contains the work of every rep in pickable(); the chosen
// rep's load is updated.
std::pair<PoolState, Pick> pick(PoolState state, const OwnerRequest& request,
                                const RoutingPolicy& policy, const CalendarSet& calendars,
                                Instant now, RepLoads& loads);
// The same without any knowledge of the reps' work.
std::pair<PoolState, Pick> pick(PoolState state, const OwnerRequest& request,
                                const RoutingPolicy& policy, const CalendarSet& calendars,
                                Instant now);

}  // namespace baton
