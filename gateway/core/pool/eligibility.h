#pragma once

#include <optional>
#include <string>

#include "gateway/core/calendar/calendar.h"
#include "gateway/core/model/effect.h"
#include "gateway/core/model/reason.h"
#include "gateway/core/pool/pool.h"
#include "gateway/core/routing/routing_policy.h"

namespace baton {

// Why a rep may not have a lead now, by which rule, and until when where time alone will end it.
struct Exclusion {
  std::string
      why;  // "unknown_rep", "inactive", "not_yet", "left", "had_it", "language", "country",
            // "region", "postal_code", "skills", "seniority", "absent", "outside_hours",
            // "holiday", "day_off", "cap_day", "cap_week", "cap_month", "cap_24h", "backlog"
  std::string rule = {};  // the policy's: "routing.reps.max.languages"
  std::optional<Instant> until = {};
  int count = 0, cap = 0;  // of a cap: what he has, what he may have
};

// Three kinds, since only some may be waived: working hours by `when_nobody: route_anyway`, a cap
// by a hot lead. What is hard never is (domain 6.3 rule 7).
struct Eligibility {
  std::optional<Exclusion> hard, hours, cap;
  bool eligible() const { return !hard && !hours && !cap; }
};

struct RepContext {
  const RoutingPolicy& policy;
  const CalendarSet& calendars;
  Instant now;
};

// The zone in which the rep's days begin; "UTC" where he has no calendar.
std::string zone_of(const RepContext& context, const Rep& rep);

// What is known of a rep besides the policy. Null: `member` where he is not of the pool, `state`
// where it never picked him, `load` where nothing is known of his work.
struct RepFacts {
  const PoolMember* member = nullptr;
  const MemberState* state = nullptr;
  const RepLoad* load = nullptr;
};

Eligibility standing(const RepContext& context, const OwnerRequest& request, const Pool& pool,
                     std::string_view rep, const RepFacts& facts);

// What of it no time will end: employment, language, territory, and what pool and rule ask of a
// member.
std::optional<Exclusion> misfit(const RepContext& context, const OwnerRequest& request,
                                const Pool& pool, std::string_view rep, bool member);

void note_exclusion(Reasons& reasons, const Exclusion& exclusion, std::string_view rep);

}  // namespace baton
