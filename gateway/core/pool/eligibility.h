#pragma once

#include <optional>
#include <string>

#include "gateway/core/calendar/calendar.h"
#include "gateway/core/model/effect.h"
#include "gateway/core/model/reason.h"
#include "gateway/core/pool/pool.h"
#include "gateway/core/routing/routing_policy.h"

namespace baton {

// A reason why a rep may not have a lead now: the rule behind it, and when it ends if time alone
// ends it.
struct Exclusion {
  // "unknown_rep", "inactive", "not_yet", "left", "had_it", "language", "country", "region",
  // "postal_code", "skills", "seniority", "absent", "outside_hours", "holiday", "day_off",
  // "cap_day", "cap_week", "cap_month", "cap_24h", "backlog".
  std::string why;
  std::string rule = {};  // the policy's rule: "routing.reps.max.languages"
  std::optional<Instant> until = {};
  int count = 0, cap = 0;  // of a cap: the rep's count, and the cap
};

// Three kinds, because only some may be waived: `when_nobody: route_anyway` waives working hours,
// and a hot lead waives a cap. Hard reasons are never waived.
struct Eligibility {
  std::optional<Exclusion> hard, hours, cap;
  bool eligible() const { return !hard && !hours && !cap; }
};

struct RepContext {
  const RoutingPolicy& policy;
  const CalendarSet& calendars;
  Instant now;
};

// The zone in which the rep's days begin; "UTC" if the rep has no calendar.
std::string zone_of(const RepContext& context, const Rep& rep);

// The facts about a rep besides the policy. Null pointers: `member` if the rep is not in the pool,
// `state` if the pool never picked them, `load` if their work is unknown.
struct RepFacts {
  const PoolMember* member = nullptr;
  const MemberState* state = nullptr;
  const RepLoad* load = nullptr;
};

Eligibility standing(const RepContext& context, const OwnerRequest& request, const Pool& pool,
                     const RepId& rep, const RepFacts& facts);

// The hard reasons that time never ends: employment, language, territory, and the requirements of
// pool and rule.
std::optional<Exclusion> misfit(const RepContext& context, const OwnerRequest& request,
                                const Pool& pool, const RepId& rep, bool member);

void note_exclusion(Reasons& reasons, const Exclusion& exclusion, const RepId& rep);

}  // namespace baton
