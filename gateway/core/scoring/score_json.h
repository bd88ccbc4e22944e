#pragma once

#include <string>

#include "gateway/core/scoring/score.h"

namespace baton {

// What `baton score` prints: {"fit", "engagement", "grade", "total", "lines": [{"rule", "touch",
// "points", "axis", "why"}], "next_crossing"}, points as plain numbers (12, 7.125), next_crossing
// RFC 3339 or null. With "disqualified_by" where a disqualifier holds.
std::string to_json_text(const ScoreResult& result);

// "60 points, decayed to 30, capped at 20": where the points of a line come from.
std::string why(const ScoreLine& line);

}  // namespace baton
