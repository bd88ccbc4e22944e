#pragma once

#include <optional>

#include "gateway/core/policy/policy.h"
#include "gateway/core/scoring/score.h"

namespace baton {

// The person's score at the instant of the decision, with its lines. It is computed when a part
// first asks for it, after the touches and the profile have been merged.
class CurrentScore {
 public:
  CurrentScore(const PersonState& person, const Policy& policy, Instant now)
      : person_(person), policy_(policy), now_(now) {}

  // The last computed score. Computes it without the next crossing if there is none yet.
  const ScoreResult& get() {
    if (!result_) result_ = score_as_of(person_, *policy_.scoring, now_);
    return *result_;
  }
  // Computes the score again, with its next crossing.
  const ScoreResult& recompute() { return result_.emplace(score(person_, *policy_.scoring, now_)); }

 private:
  const PersonState& person_;
  const Policy& policy_;
  Instant now_;
  std::optional<ScoreResult> result_;
};

}  // namespace baton
