#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "gateway/core/scoring/scoring_policy.h"

namespace baton {

// One touch (or the touches of a day and type) as one rule counts it.
struct Hit {
  const EngagementRule* rule = nullptr;
  std::uint32_t touch = 0;  // index into the touches; beyond their number, into the day sums
  std::int64_t at_ms = 0;
  std::int64_t until_ms = INT64_MAX;  // when the rule's window closes
  std::int32_t day = 0;               // UTC
  std::int64_t base = 0;
};

struct Observed {
  std::int64_t at_ms = 0;
  std::int64_t amount = 0;  // touches, or seconds of dwell
};

// The part of a person's engagement that does not depend on the time of evaluation. The rest can
// only shrink with time: points decay, and windows close.
struct ScoreFacts {
  std::vector<Hit> hits;            // by rule, then (at, id)
  std::vector<Observed> observed;   // by combined rule and condition
  std::vector<std::uint32_t> ends;  // of each condition's entries in `observed`

  // The index of a condition, numbered through all combined rules.
  std::span<const Observed> seen(std::size_t condition) const {
    const std::size_t begin = condition == 0 ? 0 : ends[condition - 1];
    return std::span(observed).subspan(begin, ends[condition] - begin);
  }
};

ScoreFacts gather(const PersonState& person, const ScoringPolicy& policy);

// Points gained and points lost (as a positive number), after the caps of days and groups. Neither
// ever grows with time.
struct ScoreSums {
  std::int64_t gained = 0, lost = 0;
};

struct Contribution {
  const std::string* rule = nullptr;
  std::uint32_t touch = UINT32_MAX;  // as Hit::touch; UINT32_MAX: none
  std::int64_t base = 0, decayed = 0, points = 0;
};

// `out`, if not null, receives each contribution in the order in which caps are filled.
ScoreSums sum_up(const ScoreFacts& facts, const ScoringPolicy& policy, std::int64_t now_ms,
                 std::vector<Contribution>* out);

}  // namespace baton
