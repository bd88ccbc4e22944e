#pragma once

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "gateway/core/model/person.h"

namespace baton {

// Scoring: fit (who they are) and engagement (what they do) as separate axes. A score is a function
// of facts, never a counter. Uses integers only, points in milli-points and decay by an integer
// half-life table, so that every machine computes the same score.

struct ScoringPolicy;  // rules, compiled; gateway/core/scoring/scoring_policy.h

struct ScoreResult {
  ScoreSnapshot snapshot;
  std::vector<ScoreLine> lines;  // one for each rule and touch that gave points, strongest first
};

// Scores the profile, the stored touches and the day sums. Touches that are not scorable give no
// points. A person who objected scores zero. `next_crossing` is the next instant at which time
// alone changes the grade, or the side of a named threshold.
ScoreResult score(const PersonState& person, const ScoringPolicy& policy, Instant now);
// The same without `next_crossing`, which is the most expensive part.
ScoreResult score_as_of(const PersonState& person, const ScoringPolicy& policy, Instant now);

// How far back a touch can affect the score: the longest window, or the age at which a touch's
// points fall below one milli-point. Older touches may be folded into day sums.
Duration longest_memory(const ScoringPolicy& policy);
const std::string& scoring_hash(const ScoringPolicy& policy);

}  // namespace baton
