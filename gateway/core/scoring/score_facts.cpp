#include "gateway/core/scoring/score_facts.h"

#include <algorithm>
#include <numeric>

namespace baton {
namespace {

constexpr std::int64_t kDayMs = days(1).ms;
constexpr std::int64_t kMostPoints = INT32_MAX;  // of one hit, the limit of decay

std::int32_t utc_day(std::int64_t ms) {
  return static_cast<std::int32_t>(ms >= 0 ? ms / kDayMs : (ms - kDayMs + 1) / kDayMs);
}

// The scorable touches sorted by (at, id), whatever their order in the document.
std::vector<std::uint32_t> in_order(const PersonState& person) {
  const auto& touches = person.touches;
  std::vector<std::uint32_t> order;
  order.reserve(touches.size());
  for (std::uint32_t i = 0; i < touches.size(); ++i) {
    if (touches[i].scorable) order.push_back(i);
  }
  const auto before = [&](std::uint32_t a, std::uint32_t b) {
    return touches[a].at != touches[b].at ? touches[a].at < touches[b].at
                                          : touches[a].id < touches[b].id;
  };
  if (!std::is_sorted(order.begin(), order.end(), before))
    std::sort(order.begin(), order.end(), before);
  return order;
}

Hit hit_of(const EngagementRule& rule, std::uint32_t touch, std::int64_t at_ms, std::int32_t day,
           std::int64_t base) {
  return {&rule, touch, at_ms, rule.window ? at_ms + rule.window->ms : INT64_MAX, day, base};
}

struct Gatherer {
  const PersonState& person;
  std::vector<std::uint32_t> order;
  std::uint64_t present = 0;  // types among the touches
  std::vector<Hit>& hits;

  const std::string& asset_of(const Hit& hit) const {
    static const std::string kNone;
    return hit.touch < person.touches.size() ? person.touches[hit.touch].asset : kNone;
  }

  bool replaces(const EngagementRule& rule, const Hit& older, const Hit& newer) const {
    switch (rule.once) {
      case Once::kUnlimited:
        return false;
      case Once::kEver:
        return true;
      case Once::kPerDay:
        return older.day == newer.day;
      case Once::kPerAsset:
        return asset_of(older) == asset_of(newer);
    }
    return false;
  }

  // Keeps the newest of the hits that count once. Hits are sorted oldest first.
  void add(const EngagementRule& rule, std::size_t first, const Hit& hit) {
    if (rule.once != Once::kUnlimited) {
      const auto same = [&](const Hit& h) { return replaces(rule, h, hit); };
      const auto old =
          std::find_if(hits.begin() + static_cast<std::ptrdiff_t>(first), hits.end(), same);
      if (old != hits.end() && old->at_ms > hit.at_ms) return;
      if (old != hits.end()) hits.erase(old);
    }
    hits.push_back(hit);
  }

  // Day sums are older than the stored touches and have no details, so they come first, at the
  // beginning of their day.
  void add_sums(const EngagementRule& rule, std::size_t first) {
    if (person.sums.empty() || rule.on.asks_detail()) return;
    for (std::uint32_t i = 0; i < person.sums.size(); ++i) {
      const DaySum& sum = person.sums[i];
      if ((rule.on.types & type_bit(sum.type)) == 0 || sum.count <= 0) continue;
      const std::int64_t times = rule.once == Once::kUnlimited ? sum.count : 1;
      const std::int64_t base = std::clamp(rule.points * times, -kMostPoints, kMostPoints);
      const auto touch = static_cast<std::uint32_t>(person.touches.size()) + i;
      add(rule, first, hit_of(rule, touch, sum.day * kDayMs, sum.day, base));
    }
    const auto older = [](const Hit& a, const Hit& b) {
      return a.at_ms != b.at_ms ? a.at_ms < b.at_ms : a.touch < b.touch;
    };
    std::sort(hits.begin() + static_cast<std::ptrdiff_t>(first), hits.end(), older);
  }

  void add_rule(const EngagementRule& rule) {
    const std::size_t first = hits.size();
    add_sums(rule, first);
    if ((rule.on.types & present) == 0) return;
    for (const std::uint32_t i : order) {
      const KeptTouch& touch = person.touches[i];
      if ((rule.on.types & type_bit(touch.type)) == 0 || !rule.on.holds(touch)) continue;
      add(rule, first, hit_of(rule, i, touch.at.ms, utc_day(touch.at.ms), rule.points));
    }
  }

  void observe(const TouchCondition& condition, std::vector<Observed>& seen) const {
    const bool counts = condition.measure == TouchCondition::Measure::kCount;
    if (counts && !condition.on.asks_detail()) {
      for (const DaySum& sum : person.sums) {
        if ((condition.on.types & type_bit(sum.type)) != 0)
          seen.push_back({sum.day * kDayMs, sum.count});
      }
    }
    if ((condition.on.types & present) == 0) return;
    for (const std::uint32_t i : order) {
      const KeptTouch& touch = person.touches[i];
      if (condition.on.holds(touch)) seen.push_back({touch.at.ms, counts ? 1 : touch.dwell_s});
    }
  }
};

bool within(const std::optional<Duration>& window, std::int64_t at_ms, std::int64_t now_ms) {
  return !window || now_ms - at_ms < window->ms;
}

bool holds(const TouchCondition& condition, std::span<const Observed> seen, std::int64_t now_ms) {
  std::int64_t value = 0;
  for (const Observed& o : seen) {
    if (!within(condition.window, o.at_ms, now_ms)) continue;
    value = condition.measure == TouchCondition::Measure::kLongestDwell ? std::max(value, o.amount)
                                                                        : value + o.amount;
  }
  return value > condition.more_than;
}

// `first`: the index of its first condition.
bool all_hold(const CombinedRule& rule, const ScoreFacts& facts, std::size_t first,
              std::int64_t now_ms) {
  for (std::size_t i = 0; i < rule.all.size(); ++i) {
    if (!holds(rule.all[i], facts.seen(first + i), now_ms)) return false;
  }
  return true;
}

// Fills caps and sums. The order of contributions only decides which line is cut.
struct Summer {
  const ScoringPolicy& policy;
  std::vector<Contribution>* out;
  std::array<std::int64_t, kMaxGroups> group_used;  // as many as the policy has groups
  ScoreSums sums;

  Summer(const ScoringPolicy& by, std::vector<Contribution>* to) : policy(by), out(to) {
    std::fill_n(group_used.begin(), by.groups.size(), 0);
  }

  [[gnu::always_inline]] std::int64_t add(const std::string& rule, int group, std::int64_t room,
                                          const Hit& hit, std::int64_t decayed) {
    std::int64_t points = decayed;
    if (points > 0) {
      points = std::min(points, room);
      if (group >= 0) {
        const auto g = static_cast<std::size_t>(group);
        points = std::min(points, policy.groups[g].cap - group_used[g]);
        group_used[g] += points;
      }
      sums.gained += points;
    } else {
      sums.lost -= points;
    }
    if (out != nullptr && decayed != 0)
      out->push_back({&rule, hit.touch, hit.base, decayed, points});
    return points;
  }
};

}  // namespace

ScoreFacts gather(const PersonState& person, const ScoringPolicy& policy) {
  ScoreFacts facts;
  Gatherer gatherer{person, in_order(person), 0, facts.hits};
  for (const std::uint32_t i : gatherer.order) gatherer.present |= type_bit(person.touches[i].type);
  facts.hits.reserve(gatherer.order.size() * 2);
  for (const EngagementRule& rule : policy.engagement) gatherer.add_rule(rule);
  facts.observed.reserve(gatherer.order.size());
  facts.ends.reserve(2 * policy.combined.size());
  for (const CombinedRule& rule : policy.combined) {
    for (const TouchCondition& condition : rule.all) {
      gatherer.observe(condition, facts.observed);
      facts.ends.push_back(static_cast<std::uint32_t>(facts.observed.size()));
    }
  }
  return facts;
}

ScoreSums sum_up(const ScoreFacts& facts, const ScoringPolicy& policy, std::int64_t now_ms,
                 std::vector<Contribution>* out) {
  Summer summer(policy, out);
  std::int64_t day_used = 0;
  const Hit* last = facts.hits.data();
  for (const Hit& hit : facts.hits) {
    const EngagementRule& rule = *hit.rule;
    if (last->rule != hit.rule || last->day != hit.day) day_used = 0;
    last = &hit;
    if (now_ms >= hit.until_ms) continue;
    const std::int64_t decayed =
        rule.decay ? rule.decay->apply(hit.base, now_ms - hit.at_ms) : hit.base;
    const std::int64_t points =
        summer.add(rule.name, rule.group, rule.cap_per_day - day_used, hit, decayed);
    if (points > 0) day_used += points;
  }
  std::size_t condition = 0;
  for (const CombinedRule& rule : policy.combined) {
    const std::size_t first = condition;
    condition += rule.all.size();
    if (!all_hold(rule, facts, first, now_ms)) continue;
    summer.add(rule.name, rule.group, INT64_MAX,
               {nullptr, UINT32_MAX, now_ms, INT64_MAX, 0, rule.points}, rule.points);
  }
  return summer.sums;
}

}  // namespace baton
