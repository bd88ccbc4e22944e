#pragma once

#include <string>

#include "gateway/core/scoring/score.h"

namespace baton {

// The output of `baton score`: {"fit", "engagement", "grade", "total", "lines": [{"rule", "touch",
// "points", "axis", "why"}], "next_crossing"}. Points are plain numbers (12, 7.125), next_crossing
// is RFC 3339 or null. Contains "disqualified_by" if a disqualifier applies.
std::string to_json_text(const ScoreResult& result);

// The origin of a line's points: "60 points, decayed to 30, capped at 20".
std::string why(const ScoreLine& line);

}  // namespace baton
