#pragma once

#include <optional>

#include "gateway/core/scoring/score_facts.h"

namespace baton {

// What a policy tells apart by engagement alone: the engagement level and how many named thresholds
// the total has reached. Smaller is never reached by more points.
struct ScoreClass {
  int level = 3, thresholds = 0;
  bool operator==(const ScoreClass&) const = default;
};

// Engagement from sums, clamped to the axis.
std::int64_t engagement_of(const ScoringPolicy& policy, ScoreSums sums);
ScoreClass classify(const ScoringPolicy& policy, std::int64_t fit, std::int64_t engagement,
                    int level_before);

// The first whole second, at least one second after now, at which time alone has changed the class;
// nothing where it never does within ten years.
std::optional<Instant> next_crossing(ScoreFacts facts, const ScoringPolicy& policy,
                                     std::int64_t fit, ScoreClass current, Instant now);

// When a hit of this rule gives its last milli-point at the latest, counted from the touch.
Duration memory_of(const EngagementRule& rule, std::int64_t base);

}  // namespace baton
