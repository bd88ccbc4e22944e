#pragma once

#include <array>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "gateway/core/policy_file/approval.h"
#include "gateway/core/scoring/score_decay.h"
#include "gateway/core/scoring/score_predicate.h"

namespace baton {

// policy/scoring.yaml, compiled (docs/reference/scoring.md). Points are milli-points throughout.
// Read-only once loaded; any thread may read it.

struct FitRule {
  std::string name;
  ProfileTest when;
  std::int64_t points = 0;
};

enum class Once : std::uint8_t { kUnlimited, kEver, kPerAsset, kPerDay };

struct EngagementRule {
  std::string name;
  TouchTest on;
  std::int64_t points = 0;
  std::optional<Duration> half_life, window;
  std::optional<HalfLife> decay;
  Once once = Once::kUnlimited;          // the newest touch counts, so a repeat renews the points
  std::int64_t cap_per_day = INT64_MAX;  // UTC days; positive points only
  int group = -1;                        // index into groups; -1: none
};

struct TouchCondition {
  enum class Measure : std::uint8_t { kCount, kLongestDwell, kTotalDwell };
  TouchTest on;
  std::optional<Duration> window;
  Measure measure = Measure::kCount;
  std::int64_t more_than = 0;  // touches, or seconds
};

// Points while all conditions hold at the same time.
struct CombinedRule {
  std::string name;
  std::vector<TouchCondition> all;
  std::int64_t points = 0;
  int group = -1;
};

struct Disqualifier {
  std::string name;
  std::optional<ProfileTest> when;
  std::uint64_t types = 0;  // or a touch of such a type
};

// Thresholds of an axis, best first. A level is reached at `from` and lost below `keep`.
struct AxisLevels {
  std::array<std::int64_t, 3> from{}, keep{};
  // 0 (best) to 3. `before`: the current level, 3 if there is none.
  int level(std::int64_t value, int before) const;
};

struct CapGroup {
  std::string name;
  std::int64_t cap = INT64_MAX;
};

inline constexpr std::size_t kMaxGroups = 16;

struct ScoringPolicy {
  std::vector<FitRule> fit;
  std::vector<EngagementRule> engagement;
  std::vector<CombinedRule> combined;
  std::vector<Disqualifier> disqualifiers;
  std::vector<CapGroup> groups;
  std::int64_t fit_cap = 0, engagement_cap = 0;
  AxisLevels fit_levels, engagement_levels;
  std::map<std::string, std::int64_t> thresholds;  // named, of the total
  std::vector<std::int64_t> totals;                // the same, ascending
  Duration memory;                                 // see longest_memory
  // Both are required before a policy may become active.
  Approvals approvals;
  std::string hash;
};

}  // namespace baton
