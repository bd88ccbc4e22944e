#pragma once

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "gateway/core/model/person.h"
#include "mapping/schema/finding.h"
#include "mapping/schema/yaml.h"

namespace baton {

// Scoring: fit (who) and engagement (what they do) as separate axes, a function of facts and never
// a counter (domain 3.2). All sums are integers: points in milli-points, decay by an integer
// half-life table, so that every machine gets the same score.

struct ScoringPolicy;  // rules, compiled; gateway/core/scoring/scoring_policy.h

std::shared_ptr<const ScoringPolicy> load_scoring(const YamlDocument& yaml, Findings& findings);

struct ScoreResult {
  ScoreSnapshot snapshot;
  std::vector<ScoreLine> lines;  // one for each rule and touch that gave points, strongest first
};

// Reads the profile, the kept touches and the day sums. Touches that are not scorable give nothing;
// a person who objected scores zero. `next_crossing` is the next instant at which time alone
// changes the grade (or any threshold the policy names).
ScoreResult score(const PersonState& person, const ScoringPolicy& policy, Instant now);
// The same without `next_crossing`, which costs most.
ScoreResult score_as_of(const PersonState& person, const ScoringPolicy& policy, Instant now);

// How far back a touch can matter (longest window, or the half-life at which a point is below one
// milli-point); older ones may be folded into day sums.
Duration longest_memory(const ScoringPolicy& policy);
const std::string& scoring_hash(const ScoringPolicy& policy);

}  // namespace baton
