#pragma once

#include <optional>

#include "gateway/core/scoring/score_facts.h"

namespace baton {

// The classes of engagement that a policy distinguishes: the engagement level, and the number of
// named thresholds that the total has reached. More points never give a smaller class.
struct ScoreClass {
  int level = 3, thresholds = 0;
  bool operator==(const ScoreClass&) const = default;
};

// Engagement from sums, clamped to the axis.
std::int64_t engagement_of(const ScoringPolicy& policy, ScoreSums sums);
ScoreClass classify(const ScoringPolicy& policy, std::int64_t fit, std::int64_t engagement,
                    int level_before);

// The first whole second, at least one second after `now`, at which time alone has changed the
// class. Empty if that does not happen within ten years.
std::optional<Instant> next_crossing(ScoreFacts facts, const ScoringPolicy& policy,
                                     std::int64_t fit, ScoreClass current, Instant now);

// The longest time from a touch until a hit of this rule gives its last milli-point.
Duration memory_of(const EngagementRule& rule, std::int64_t base);

}  // namespace baton
