#include "gateway/core/scoring/score_crossing.h"

#include <algorithm>
#include <bit>
#include <cstdlib>

namespace baton {
namespace {

constexpr std::int64_t kFarthestMs = days(3'653).ms;
// If gains and losses decay against each other close to a threshold, the search can need very many
// evaluations. It then stops early: the timer fires too soon, finds no change, and the search
// continues.
constexpr int kMostSums = 2'000;
constexpr std::int64_t kSteps = 8;  // milli-points: below this difference decay moves in steps
constexpr int kMostStays = 4;       // moves of the same end, before bisection is better

std::int64_t whole_second_from(std::int64_t ms) { return (ms + 999) / 1000 * 1000; }

// The logarithm to base 2 with 16 binary places, accurate to 0.01. Zero counts as one. It only
// suggests where to look first.
std::int64_t log2_of(std::int64_t number) {
  const auto value = static_cast<std::uint64_t>(std::max<std::int64_t>(number, 1));
  const auto whole = static_cast<int>(std::bit_width(value)) - 1;
  const auto rest = static_cast<std::int64_t>(
      (whole > 16 ? value >> (whole - 16) : value << (16 - whole)) & 0xFFFF);
  return std::int64_t{whole} * 65'536 + rest + (rest * (65'536 - rest) >> 16) * 22'708 / 65'536;
}

// The least engagement that is still of this class.
std::int64_t least_of(const ScoringPolicy& policy, std::int64_t fit, ScoreClass current) {
  std::int64_t least = 0;
  if (current.level < 3) {
    const auto level = static_cast<std::size_t>(current.level);
    least = std::min(policy.engagement_levels.keep[level], policy.engagement_levels.from[level]);
  }
  if (current.thresholds > 0)
    least = std::max(least, policy.totals[static_cast<std::size_t>(current.thresholds) - 1] - fit);
  return least;
}

// Both sums only shrink with time, so bounds between two times follow from them: gains at the later
// time with losses at the earlier is the least, the other way round the most.
class Search {
 public:
  Search(const ScoreFacts& facts, const ScoringPolicy& policy, std::int64_t fit, ScoreClass current)
      : facts_(facts), policy_(policy), fit_(fit), current_(current) {}

  struct Point {
    std::int64_t ms;
    ScoreSums sums;
  };

  Point at(std::int64_t ms) {
    ++sums_made_;
    return {ms, sum_up(facts_, policy_, ms, nullptr)};
  }

  // The same without losses: engagement only falls, so the class changes once, and each evaluation
  // halves the interval. Points decay exponentially, so a straight line in the logarithm nearly
  // gives the place. The weight of the end that stays is reduced each time (Illinois), so that the
  // other end does not creep. Milli-points are steps of minutes, so the end is bisected.
  std::optional<std::int64_t> fall(Point a, Point b) {
    // The class is the current one while the engagement is at least its minimum. It is never higher
    // than at `a`.
    const auto least = least_of(policy_, fit_, current_);
    const auto suffices = [&](const Point& p) { return engagement_of(policy_, p.sums) >= least; };
    if (suffices(b)) return std::nullopt;
    const auto bound = log2_of(least);
    auto above = std::max<std::int64_t>(log2_of(a.sums.gained) - bound, 0);
    auto below = std::max<std::int64_t>(bound - log2_of(b.sums.gained), 0);
    for (int stayed = 0; b.ms - a.ms > 1000;) {
      const bool steps = a.sums.gained - b.sums.gained <= kSteps || std::abs(stayed) > kMostStays;
      const auto middle = at(steps ? half_way(a, b) : between(a, b, above, below));
      if (suffices(middle)) {
        a = middle;
        above = std::max<std::int64_t>(log2_of(a.sums.gained) - bound, 0);
        stayed = std::max(stayed, 0) + 1;
        if (stayed > 1) below /= 2;
      } else {
        b = middle;
        below = std::max<std::int64_t>(bound - log2_of(b.sums.gained), 0);
        stayed = std::min(stayed, 0) - 1;
        if (stayed < -1) above /= 2;
      }
    }
    return b.ms;
  }

  bool same(ScoreSums sums) const {
    return classify(policy_, fit_, engagement_of(policy_, sums), current_.level) == current_;
  }

  // The first second in (a, b] with another class. `a` has the current one.
  std::optional<std::int64_t> first(const Point& a, const Point& b) {
    const bool never_less = same({b.sums.gained, a.sums.lost});
    const bool never_more = same({a.sums.gained, b.sums.lost});
    if (never_less && never_more) return std::nullopt;
    if (b.ms - a.ms <= 1000) return same(b.sums) ? std::nullopt : std::optional(b.ms);
    if (sums_made_ > kMostSums) return a.ms;
    const Point middle = at(a.ms + (b.ms - a.ms) / 2000 * 1000);
    if (const auto found = first(a, middle)) return found;
    return first(middle, b);
  }

 private:
  static std::int64_t half_way(const Point& a, const Point& b) {
    return a.ms + (b.ms - a.ms) / 2000 * 1000;
  }

  // A whole second after a and before b, where a straight line from `above` zero to `below` it
  // crosses zero.
  static std::int64_t between(const Point& a, const Point& b, std::int64_t above,
                              std::int64_t below) {
    if (above + below <= 0) return half_way(a, b);
    const auto steps = (b.ms - a.ms) / 1000;
    return a.ms + std::clamp<std::int64_t>(steps * above / (above + below), 1, steps - 1) * 1000;
  }

  const ScoreFacts& facts_;
  const ScoringPolicy& policy_;
  std::int64_t fit_;
  ScoreClass current_;
  int sums_made_ = 0;
};

// No change happens after this time.
std::int64_t end_of(const ScoreFacts& facts, const ScoringPolicy& policy, std::int64_t now_ms) {
  std::int64_t end = now_ms;
  for (const Hit& hit : facts.hits) {
    end = std::max(end, hit.at_ms + memory_of(*hit.rule, hit.base).ms);
  }
  std::size_t condition = 0;
  for (const CombinedRule& rule : policy.combined) {
    for (const TouchCondition& asked : rule.all) {
      const auto seen = facts.seen(condition++);
      if (!asked.window) continue;
      for (const Observed& o : seen) end = std::max(end, o.at_ms + asked.window->ms);
    }
  }
  return std::min(end, now_ms + kFarthestMs);
}

// Hits that give no points now give none later, so later evaluations skip them.
void forget_spent(ScoreFacts& facts, std::int64_t at_ms) {
  std::erase_if(facts.hits, [&](const Hit& hit) {
    const auto& decay = hit.rule->decay;
    return at_ms >= hit.until_ms || (decay && decay->apply(hit.base, at_ms - hit.at_ms) == 0);
  });
}

}  // namespace

Duration memory_of(const EngagementRule& rule, std::int64_t base) {
  std::int64_t memory = kFarthestMs;
  if (rule.window) memory = std::min(memory, rule.window->ms);
  if (rule.half_life) {
    const auto size = static_cast<std::uint64_t>(base < 0 ? -base : base);
    const std::int64_t lives = std::bit_width(size) + 1;
    if (rule.half_life->ms <= kFarthestMs / lives)
      memory = std::min(memory, rule.half_life->ms * lives);
  }
  return milliseconds(memory);
}

std::int64_t engagement_of(const ScoringPolicy& policy, ScoreSums sums) {
  return std::clamp(sums.gained - sums.lost, std::int64_t{0}, policy.engagement_cap);
}

ScoreClass classify(const ScoringPolicy& policy, std::int64_t fit, std::int64_t engagement,
                    int level_before) {
  const auto reached =
      std::upper_bound(policy.totals.begin(), policy.totals.end(), fit + engagement);
  return {policy.engagement_levels.level(engagement, level_before),
          static_cast<int>(reached - policy.totals.begin())};
}

std::optional<Instant> next_crossing(ScoreFacts facts, const ScoringPolicy& policy,
                                     std::int64_t fit, ScoreClass current, Instant now) {
  const std::int64_t end = whole_second_from(end_of(facts, policy, now.ms));
  const std::int64_t begin = whole_second_from(now.ms + 1000);
  if (end < begin && facts.hits.empty()) return std::nullopt;
  forget_spent(facts, begin);
  Search search(facts, policy, fit, current);
  const auto earliest = search.at(begin);
  if (!search.same(earliest.sums)) return Instant{begin};
  if (end <= begin) return std::nullopt;
  const auto latest = search.at(end);
  const auto found =
      earliest.sums.lost == 0 ? search.fall(earliest, latest) : search.first(earliest, latest);
  return found ? std::optional(Instant{*found}) : std::nullopt;
}

}  // namespace baton
