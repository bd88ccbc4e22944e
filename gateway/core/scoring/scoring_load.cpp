#include "gateway/core/scoring/scoring_load.h"

#include <algorithm>
#include <set>

#include <fmt/format.h>

#include "gateway/core/policy_file/policy_reader.h"
#include "gateway/core/scoring/score.h"
#include "gateway/core/scoring/score_crossing.h"
#include "gateway/core/scoring/score_examples.h"
#include "gateway/core/scoring/scoring_policy.h"
#include "mapping/json/json.h"
#include "mapping/schema/schema.h"

namespace baton {
namespace {

constexpr std::int64_t kMilli = 1000;

std::int64_t points(const PolicyReader& in, const std::string& at, std::int64_t fallback) {
  const auto* v = in.at(at);
  return v != nullptr && v->is_int64() ? v->get_int64() * kMilli : fallback;
}

std::optional<Duration> span(PolicyReader& in, const std::string& at) {
  if (in.at(at) == nullptr) return std::nullopt;
  const Duration d = in.duration(at, days(1));
  if (d >= minutes(1) && d <= days(3'653)) return d;
  in.error(at, "give a duration between 1m and 3653d", "scoring.bad_span");
  return days(1);
}

// Names must be unique within a file, because lines of a score identify their rule by name.
struct Names {
  std::set<std::string> used;
  std::string take(PolicyReader& in, const std::string& at) {
    std::string name = in.text(at + "/name");
    if (!used.insert(name).second) {
      in.error(at + "/name", fmt::format("the name \"{}\" is used twice", name),
               "scoring.duplicate_name");
    }
    return name;
  }
};

int group_index(PolicyReader& in, const std::string& at, const ScoringPolicy& policy) {
  const std::string name = in.text(at);
  if (name.empty()) return -1;
  std::vector<std::string> known;
  for (std::size_t i = 0; i < policy.groups.size(); ++i) {
    if (policy.groups[i].name == name) return static_cast<int>(i);
    known.push_back(policy.groups[i].name);
  }
  in.bad_choice(at, name, known);
  return -1;
}

Once once_of(const std::string& text) {
  return text == "ever"        ? Once::kEver
         : text == "per_asset" ? Once::kPerAsset
         : text == "per_day"   ? Once::kPerDay
                               : Once::kUnlimited;
}

void read_levels(PolicyReader& in, const std::string& at, AxisLevels& levels) {
  const auto from = in.integers(at + "/from");
  const auto keep = in.at(at + "/keep") != nullptr ? in.integers(at + "/keep") : from;
  for (std::size_t i = 0; i < 3 && i < from.size() && i < keep.size(); ++i) {
    levels.from[i] = from[i] * kMilli;
    levels.keep[i] = keep[i] * kMilli;
    if (i > 0 && (from[i] >= from[i - 1] || keep[i] >= keep[i - 1])) {
      in.error(at, "thresholds must fall from the best level to the worst, such as [60, 30, 10]",
               "scoring.bad_levels");
    }
    if (keep[i] > from[i]) {
      in.error(at + "/keep", "a level must be kept at no more points than it takes to reach it",
               "scoring.bad_levels");
    }
  }
}

void read_fit(PolicyReader& in, ScoringPolicy& policy, Names& names) {
  policy.fit_cap = points(in, "/fit/cap", 100 * kMilli);
  for (std::size_t i = 0; i < in.size("/fit/rules"); ++i) {
    const auto at = fmt::format("/fit/rules/{}", i);
    FitRule rule{names.take(in, at), read_profile_test(in, at + "/when"),
                 points(in, at + "/points", 0)};
    if (rule.points < 0 && asks_only_free_mail(rule.when)) {
      in.error(at,
               "free mail alone is neutral: many self-employed people and small firms use it; add "
               "another condition",
               "scoring.free_mail_negative");
    }
    policy.fit.push_back(std::move(rule));
  }
}

void read_rule(PolicyReader& in, const std::string& at, ScoringPolicy& policy, Names& names) {
  EngagementRule rule;
  rule.name = names.take(in, at);
  rule.on = read_touch_test(in, at);
  rule.points = points(in, at + "/points", 0);
  rule.half_life = span(in, at + "/half_life");
  rule.window = span(in, at + "/window");
  if (rule.half_life) rule.decay.emplace(*rule.half_life);
  rule.once = once_of(in.text(at + "/once"));
  rule.cap_per_day = points(in, at + "/cap_per_day", INT64_MAX);
  rule.group = group_index(in, at + "/group", policy);
  policy.engagement.push_back(std::move(rule));
}

TouchCondition read_condition(PolicyReader& in, const std::string& at) {
  TouchCondition condition;
  condition.on = read_touch_test(in, at);
  condition.window = span(in, at + "/window");
  const std::string dwell = in.text(at + "/dwell");
  if (dwell.empty()) {
    condition.more_than = in.integer(at + "/count_more_than", 0);
    if (in.at(at + "/longer_than") != nullptr) {
      in.error(at, "\"longer_than\" requires \"dwell: max\" or \"dwell: sum\"",
               "scoring.bad_condition");
    }
    return condition;
  }
  condition.measure = dwell == "sum" ? TouchCondition::Measure::kTotalDwell
                                     : TouchCondition::Measure::kLongestDwell;
  if (in.at(at + "/longer_than") == nullptr || in.at(at + "/count_more_than") != nullptr) {
    in.error(at,
             "\"dwell\" requires \"longer_than\", such as 60s, and excludes \"count_more_than\"",
             "scoring.bad_condition");
  }
  condition.more_than = in.duration(at + "/longer_than", {}).ms / 1000;
  return condition;
}

void read_engagement(PolicyReader& in, ScoringPolicy& policy, Names& names) {
  policy.engagement_cap = points(in, "/engagement/cap", 100 * kMilli);
  for (const std::string& name : in.keys("/engagement/groups")) {
    policy.groups.push_back({name, points(in, "/engagement/groups/" + name + "/cap", INT64_MAX)});
  }
  for (std::size_t i = 0; i < in.size("/engagement/rules"); ++i) {
    read_rule(in, fmt::format("/engagement/rules/{}", i), policy, names);
  }
  for (std::size_t i = 0; i < in.size("/engagement/combined"); ++i) {
    const auto at = fmt::format("/engagement/combined/{}", i);
    CombinedRule rule{names.take(in, at),
                      {},
                      points(in, at + "/points", 0),
                      group_index(in, at + "/group", policy)};
    for (std::size_t j = 0; j < in.size(at + "/all"); ++j)
      rule.all.push_back(read_condition(in, fmt::format("{}/all/{}", at, j)));
    policy.combined.push_back(std::move(rule));
  }
}

void read_disqualifiers(PolicyReader& in, ScoringPolicy& policy, Names& names) {
  for (std::size_t i = 0; i < in.size("/disqualify"); ++i) {
    const auto at = fmt::format("/disqualify/{}", i);
    Disqualifier d;
    d.name = names.take(in, at);
    if (in.at(at + "/when") != nullptr) d.when = read_profile_test(in, at + "/when");
    if (in.at(at + "/on") != nullptr) d.types = read_touch_test(in, at).types;
    if (!d.when && d.types == 0)
      in.error(at, "give \"when\" (profile) or \"on\" (touch types)", "scoring.empty_rule");
    if (d.when && asks_only_free_mail(*d.when))
      in.error(at, "free mail alone must not disqualify", "scoring.free_mail_negative");
    policy.disqualifiers.push_back(std::move(d));
  }
}

void read_thresholds(PolicyReader& in, ScoringPolicy& policy) {
  read_levels(in, "/grades/fit", policy.fit_levels);
  read_levels(in, "/grades/engagement", policy.engagement_levels);
  for (const std::string& name : in.keys("/thresholds")) {
    policy.thresholds[name] = points(in, "/thresholds/" + name, 0);
    policy.totals.push_back(policy.thresholds[name]);
  }
  std::sort(policy.totals.begin(), policy.totals.end());
}

Duration longest_of(const ScoringPolicy& policy) {
  std::int64_t longest = 0;
  for (const EngagementRule& rule : policy.engagement)
    longest = std::max(longest, memory_of(rule, rule.points).ms);
  for (const CombinedRule& rule : policy.combined) {
    for (const TouchCondition& c : rule.all)
      longest = std::max(longest, c.window.value_or(days(3'653)).ms);
  }
  return milliseconds(longest);
}

// Excludes the approvals, because they do not affect the score.
std::string hash_of(const json::object& root) {
  json::object content = root;
  content.erase("approvals");
  return content_hash(content);
}

}  // namespace

std::shared_ptr<const ScoringPolicy> load_scoring(const YamlDocument& yaml, Findings& findings) {
  Findings faults = check_schema(yaml, "scoring");
  const bool usable = !has_errors(faults) && yaml.value.is_object();
  append(findings, std::move(faults));
  if (!usable) return nullptr;
  auto policy = std::make_shared<ScoringPolicy>();
  PolicyReader in(yaml, findings);
  Names names;
  read_fit(in, *policy, names);
  read_engagement(in, *policy, names);
  read_disqualifiers(in, *policy, names);
  read_thresholds(in, *policy);
  policy->memory = longest_of(*policy);
  policy->approvals = read_approvals(yaml, findings);
  policy->hash = hash_of(yaml.value.get_object());
  return in.failed() ? nullptr : policy;
}

}  // namespace baton
