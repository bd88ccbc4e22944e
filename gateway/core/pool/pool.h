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

// Fair shares by stride scheduling (domain 3.3): every lead moves its owner's pass on by
// cost / weight, and the lowest pass is next. Integers only; the fraction a division leaves is
// carried, so that shares never drift.

// One turn of a member of weight 1, in pass units.
inline constexpr std::int64_t kTurn = 1'000'000;

struct MemberState {
  std::int64_t pass = 0;
  std::int64_t carry = 0;    // numerator over the weight, below it
  std::int64_t count = 0;    // turns taken, less those given back
  std::int64_t owned = 0;    // leads that took no turn: came as their owner's, or by escalation
  std::int64_t mass = 0;     // milli-points of the turns taken
  std::int64_t debt = 0;     // hot leads taken over a cap, ever
  std::int64_t credits = 0;  // turns given back, ever
  bool joined = false;       // has a place in the turns
  bool away = false;         // a turn passed over him since he last was a candidate
  std::optional<Instant> last_pick;
  std::int64_t rejected = 0;       // turns given back because the lead was rejected
  std::int64_t accepted = 0;       // leads of this pool that he accepted, ever
  std::int32_t day = 0, week = 0;  // local day and week of the two counters, which are of this pool
  std::int32_t in_day = 0, in_week = 0;
};

// An answer given, kept so that a repeated request gets it again.
struct KeptPick {
  std::string key, rep;   // rep "": nobody
  std::int64_t cost = 0;  // pass units before the weight; 0: took no turn
  std::int64_t mass = 0;
  std::int32_t day = 0;
  bool given_back = false;
  std::optional<Instant> retry_at;  // where nobody: Pick::retry_at
};

// The pool document, without its version. Members stay after they left the policy: history.
struct PoolState {
  std::map<std::string, MemberState, std::less<>> members;
  std::int64_t reach = 0;             // the highest pass that ever was next in turn
  std::int64_t picks = 0;             // requests answered with a rep
  std::int64_t nobody = 0;            // requests answered with none
  std::int64_t caught = 0;            // of the picks: leads that no rule wanted
  std::vector<KeptPick> recent;       // oldest first, the newest kKeptPicks
  std::vector<std::string> credited;  // keys of credits applied, the newest kKeptPicks
};
inline constexpr std::size_t kKeptPicks = 512;

boost::json::value to_json(const PoolState& state);
Result<PoolState> pool_from_json(const boost::json::value& json);

struct Pick {
  std::string rep;                  // "": nobody, see reasons
  Reasons reasons;                  // candidates, exclusions, passes before and after, tie-break
  bool repeated = false;            // the stored answer; the state is unchanged
  std::optional<Instant> retry_at;  // where nobody: the next instant at which somebody may be free
};

// Answers one request. Pure and total: the same arguments give the same bytes. `state` is that of
// the pool whose turns it takes (Pool::turns). A credit that the request carries for this very
// document is applied first; one for another is the caller's, by give_back on that document. The
// state comes back changed: move it in, a document is large. `loads` holds what is known of the
// work of everybody who may be picked (pickable); whom it is given to is changed there.
std::pair<PoolState, Pick> pick(PoolState state, const OwnerRequest& request,
                                const RoutingPolicy& policy, const CalendarSet& calendars,
                                Instant now, RepLoads& loads);
// The same where nothing is known of anybody's work.
std::pair<PoolState, Pick> pick(PoolState state, const OwnerRequest& request,
                                const RoutingPolicy& policy, const CalendarSet& calendars,
                                Instant now);

// Everybody whose work the answer may change: members, the preferred rep, those an escalation asks,
// and whose turn it gives back.
std::vector<std::string> pickable(const RoutingPolicy& policy, const OwnerRequest& request);

// A turn that was none: wrong route, wrong data, nobody came, taken back before it began.
struct Credit {
  std::string key;  // a repeat changes nothing
  std::string rep;
  std::string pick;  // request it undoes, or "person:episode:" for its newest; "": that of `key`
  std::string why = {};  // "procedural", "clerical", "no_show", "withdrawn"
};
std::pair<PoolState, Reasons> give_back(PoolState state, const Credit& credit, const Pool& pool);
// A lead of the pool was accepted; once for a key. False where it was known.
bool count_accepted(PoolState& state, std::string_view key, const std::string& rep);

}  // namespace baton
