#include "gateway/core/scoring/score.h"

#include <algorithm>
#include <chrono>
#include <numeric>

#include <fmt/format.h>

#include "gateway/core/scoring/score_crossing.h"
#include "gateway/core/scoring/score_facts.h"
#include "gateway/core/scoring/scoring_policy.h"

namespace baton {
namespace {

constexpr std::string_view kLetters = "ABCD";
constexpr int kLowest = 3;

struct Levels {
  int fit = kLowest, engagement = kLowest;
};

// The current levels, for hysteresis. They count only under the policy that set them.
Levels levels_before(const PersonState& person, const ScoringPolicy& policy) {
  const ScoreSnapshot& last = person.score;
  if (last.policy != policy.hash || last.grade.size() != 2) return {};
  const auto letter = kLetters.find(last.grade[0]);
  const int number = last.grade[1] - '1';
  if (letter == std::string_view::npos || number < 0 || number > kLowest) return {};
  return {static_cast<int>(letter), number};
}

std::string grade_of(Levels levels) {
  return {kLetters[static_cast<std::size_t>(levels.fit)],
          static_cast<char>('1' + levels.engagement)};
}

std::string touch_name(const PersonState& person, std::uint32_t touch) {
  if (touch == UINT32_MAX) return {};
  if (touch < person.touches.size()) return person.touches[touch].id;
  const DaySum& sum = person.sums[touch - person.touches.size()];
  const std::chrono::year_month_day date{std::chrono::sys_days{std::chrono::days{sum.day}}};
  return fmt::format("day:{:04}-{:02}-{:02}:{}", static_cast<int>(date.year()),
                     static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()),
                     to_string(sum.type));
}

// Cuts the excess beyond the axis from the last contributions of that sign, so that the lines of an
// axis always add up to its score.
std::int64_t clamp_axis(std::vector<Contribution>& lines, std::int64_t cap) {
  std::int64_t sum = 0;
  for (const Contribution& c : lines) sum += c.points;
  std::int64_t beyond = sum - std::clamp(sum, std::int64_t{0}, cap);
  for (std::size_t i = lines.size(); i-- > 0 && beyond != 0;) {
    if ((lines[i].points > 0) != (beyond > 0)) continue;
    const std::int64_t cut =
        beyond > 0 ? std::min(lines[i].points, beyond) : std::max(lines[i].points, beyond);
    lines[i].points -= cut;
    beyond -= cut;
  }
  return std::clamp(sum, std::int64_t{0}, cap);
}

std::int64_t score_fit(const PersonState& person, const ScoringPolicy& policy,
                       std::vector<Contribution>& lines) {
  for (const FitRule& rule : policy.fit) {
    if (rule.when.holds(person.profile))
      lines.push_back({&rule.name, UINT32_MAX, rule.points, rule.points, rule.points});
  }
  return clamp_axis(lines, policy.fit_cap);
}

const Disqualifier* disqualifier_of(const PersonState& person, const ScoringPolicy& policy) {
  for (const Disqualifier& d : policy.disqualifiers) {
    const bool touched =
        d.types != 0 &&
        std::any_of(person.touches.begin(), person.touches.end(), [&](const KeptTouch& t) {
          return t.scorable && (d.types & type_bit(t.type)) != 0;
        });
    const bool summed =
        d.types != 0 && std::any_of(person.sums.begin(), person.sums.end(), [&](const DaySum& s) {
          return s.count > 0 && (d.types & type_bit(s.type)) != 0;
        });
    if (touched || summed || (d.when && d.when->holds(person.profile))) return &d;
  }
  return nullptr;
}

// Strongest first; lines of equal strength keep the order of policy and time.
std::vector<ScoreLine> lines_of(const PersonState& person, const std::vector<Contribution>& fit,
                                const std::vector<Contribution>& engagement) {
  std::vector<std::uint32_t> ranked(fit.size() + engagement.size());
  std::iota(ranked.begin(), ranked.end(), 0U);
  const auto at = [&](std::uint32_t i) -> const Contribution& {
    return i < fit.size() ? fit[i] : engagement[i - fit.size()];
  };
  std::sort(ranked.begin(), ranked.end(), [&](std::uint32_t a, std::uint32_t b) {
    const auto left = std::abs(at(a).points), right = std::abs(at(b).points);
    return left != right ? left > right : a < b;
  });
  std::vector<ScoreLine> lines(ranked.size());
  for (std::size_t i = 0; i < ranked.size(); ++i) {
    const Contribution& c = at(ranked[i]);
    ScoreLine& line = lines[i];
    line.rule = *c.rule;
    line.touch = touch_name(person, c.touch);
    line.axis = ranked[i] < fit.size() ? "fit" : "engagement";
    line.points = c.points;
    line.base = c.base;
    line.decayed = c.decayed;
    line.cut = c.decayed - c.points;
  }
  return lines;
}

}  // namespace

int AxisLevels::level(std::int64_t value, int before) const {
  for (int i = 0; i < kLowest; ++i) {
    const auto at = static_cast<std::size_t>(i);
    if (value >= from[at] || (before <= i && value >= keep[at])) return i;
  }
  return kLowest;
}

namespace {

enum class Crossing { kFind, kSkip };

ScoreResult evaluate(const PersonState& person, const ScoringPolicy& policy, Instant now,
                     Crossing crossing) {
  ScoreResult result;
  ScoreSnapshot& snapshot = result.snapshot;
  snapshot.at = now;
  snapshot.policy = policy.hash;
  snapshot.grade = grade_of({});
  if (person.objected_at) return result;
  std::vector<Contribution> fit, engagement;
  fit.reserve(policy.fit.size());
  engagement.reserve(person.touches.size() * 2);
  snapshot.fit = score_fit(person, policy, fit);
  ScoreFacts facts = gather(person, policy);
  sum_up(facts, policy, now.ms, &engagement);
  snapshot.engagement = clamp_axis(engagement, policy.engagement_cap);
  snapshot.total = snapshot.fit + snapshot.engagement;
  const Levels before = levels_before(person, policy);
  const ScoreClass current = classify(policy, snapshot.fit, snapshot.engagement, before.engagement);
  snapshot.grade = grade_of({policy.fit_levels.level(snapshot.fit, before.fit), current.level});
  if (const Disqualifier* d = disqualifier_of(person, policy)) {
    snapshot.disqualified = true;
    snapshot.disqualified_by = d->name;
  }
  if (crossing == Crossing::kFind)
    snapshot.next_crossing = next_crossing(std::move(facts), policy, snapshot.fit, current, now);
  result.lines = lines_of(person, fit, engagement);
  return result;
}

}  // namespace

ScoreResult score(const PersonState& person, const ScoringPolicy& policy, Instant now) {
  return evaluate(person, policy, now, Crossing::kFind);
}

ScoreResult score_as_of(const PersonState& person, const ScoringPolicy& policy, Instant now) {
  return evaluate(person, policy, now, Crossing::kSkip);
}

Duration longest_memory(const ScoringPolicy& policy) { return policy.memory; }

const std::string& scoring_hash(const ScoringPolicy& policy) { return policy.hash; }

}  // namespace baton
