#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include <fmt/format.h>

#include "gateway/core/pool/pool.h"
#include "gateway/core/routing/routing_policy.h"
#include "tests/support/ids.h"

namespace baton {

inline Instant at(std::string_view text) { return parse_rfc3339(text).value_or(Instant{}); }

inline const Instant kMonday = at("2026-03-09T10:00:00Z");

inline std::string rep_name(std::size_t i) { return fmt::format("r{:02d}", i); }

// A policy of one pool "sales" with reps r00, r01, ... of the given weights, available at every
// hour.
inline RoutingPolicy pool_of(const std::vector<int>& weights) {
  RoutingPolicy policy;
  Pool pool;
  pool.id = "sales";
  pool.respect_hours = false;
  for (std::size_t i = 0; i < weights.size(); ++i) {
    Rep rep;
    rep.id = RepId(rep_name(i));
    rep.name = "Erika Beispiel";
    policy.reps.push_back(rep);
    pool.members.push_back({rep.id, weights[i], {}});
  }
  policy.pools.push_back(pool);
  policy.catch_all = "sales";
  return policy;
}

inline OwnerRequest request(std::size_t n) {
  OwnerRequest r;
  r.key = fmt::format("p{}:1:1", n);
  r.person = PersonId(fmt::format("p{}", n));
  r.pool = "sales";
  r.tie_break = LeadId(fmt::format("p{}.1", n));
  return r;
}

// A pool that answers a stream of leads.
struct Stream {
  const RoutingPolicy& policy;
  PoolState state = {};
  std::size_t n = 0;
  Instant now = kMonday;
  CalendarSet calendars = {};
  RepLoads loads = {};

  Pick next() { return next(request(n)); }
  Pick next(OwnerRequest r) {
    ++n;
    auto [after, answer] = pick(std::move(state), r, policy, calendars, now, loads);
    state = std::move(after);
    return answer;
  }
};

inline std::optional<Reason> find_reason(const Reasons& reasons, std::string_view code,
                                         std::string_view rep = {}) {
  for (auto& r : reasons.read()) {
    const auto* named = r.facts.if_contains("rep");
    if (r.code == code &&
        (rep.empty() || (named != nullptr && named->is_string() && named->get_string() == rep)))
      return std::move(r);
  }
  return std::nullopt;
}

}  // namespace baton
