#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "gateway/core/scoring/scoring_policy.h"

namespace baton {

// One touch (or the touches of a day and type) as one rule counts it.
struct Hit {
  const EngagementRule* rule = nullptr;
  std::uint32_t touch = 0;  // index into the touches, or behind them into the day sums
  std::int64_t at_ms = 0;
  std::int64_t until_ms = INT64_MAX;  // where the rule's window closes
  std::int32_t day = 0;               // UTC
  std::int64_t base = 0;
};

struct Observed {
  std::int64_t at_ms = 0;
  std::int64_t amount = 0;  // touches, or seconds of dwell
};

// Everything of a person's engagement that does not depend on the moment it is looked at. What
// depends on it can only shrink as time goes by: points decay, windows close.
struct ScoreFacts {
  std::vector<Hit> hits;            // by rule, then (at, id)
  std::vector<Observed> observed;   // by combined rule and condition
  std::vector<std::uint32_t> ends;  // of each condition's in `observed`

  // Of a condition, numbered through all combined rules.
  std::span<const Observed> seen(std::size_t condition) const {
    const std::size_t begin = condition == 0 ? 0 : ends[condition - 1];
    return std::span(observed).subspan(begin, ends[condition] - begin);
  }
};

ScoreFacts gather(const PersonState& person, const ScoringPolicy& policy);

// Points gained and points lost (as a positive number), after the caps of days and groups. Each
// alone never grows with time.
struct ScoreSums {
  std::int64_t gained = 0, lost = 0;
};

struct Contribution {
  const std::string* rule = nullptr;
  std::uint32_t touch = UINT32_MAX;  // as Hit::touch; UINT32_MAX: none
  std::int64_t base = 0, decayed = 0, points = 0;
};

// `out`, where given, gets each contribution in the order in which caps are filled.
ScoreSums sum_up(const ScoreFacts& facts, const ScoringPolicy& policy, std::int64_t now_ms,
                 std::vector<Contribution>* out);

}  // namespace baton
