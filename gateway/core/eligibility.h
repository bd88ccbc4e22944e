#pragma once

#include <optional>
#include <string>

#include "gateway/core/calendar.h"
#include "gateway/core/effect.h"
#include "gateway/core/pool.h"
#include "gateway/core/reason.h"
#include "gateway/core/routing_policy.h"

namespace baton {

// Why a rep may not have a lead now, and until when where time alone will end it.
struct Exclusion {
  std::string why;  // "unknown_rep", "inactive", "had_it", "language", "country", "postal_code",
                    // "skills", "seniority", "absent", "outside_hours", "cap_day", "cap_week"
  std::optional<Instant> until;
};

// Three kinds, since only some may be waived: working hours by `when_nobody: route_anyway`, a cap
// by a hot lead. What is hard never is (domain 6.3 rule 7).
struct Standing {
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

// `member` and `state` are null where the rep is not of the pool, or was never picked by it.
Standing standing(const RepContext& context, const OwnerRequest& request, const Pool& pool,
                  std::string_view rep, const PoolMember* member, const MemberState* state);

void note_exclusion(Reasons& reasons, const Exclusion& exclusion, const Pool& pool, std::string_view rep);

}  // namespace baton
