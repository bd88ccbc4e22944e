#include "gateway/app/engine/policy_versions.h"

#include <algorithm>

#include <fmt/format.h>

#include "gateway/app/engine/applier.h"
#include "gateway/core/sla/sla_clock.h"
#include "gateway/platform/log.h"
#include "mapping/json/json.h"

namespace baton {
namespace {

constexpr const char* kList = "clock-rules";
constexpr const char* kSwept = "clock-rules-swept";
constexpr std::size_t kSweepBatch = 500;

std::string value_name_of(std::string_view id) { return fmt::format("{}:{}", kList, id); }

Result<std::vector<std::string>> filed(Store& store) {
  auto text = store.get_value(kList);
  if (!text) return text.error();
  std::vector<std::string> ids;
  std::string_view rest = *text;
  while (!rest.empty()) {
    const auto end = std::min(rest.find(' '), rest.size());
    if (end > 0) ids.emplace_back(rest.substr(0, end));
    rest.remove_prefix(std::min(end + 1, rest.size()));
  }
  return ids;
}

Status file_rules(Store& store, const Policy& policy, std::vector<std::string>& ids) {
  if (auto put = store.put_value(value_name_of(policy.rules), policy.rules_text); !put) return put;
  std::erase(ids, policy.rules);
  ids.push_back(policy.rules);
  for (; ids.size() > ClockRulesBook::kKeptRules; ids.erase(ids.begin())) {
    if (auto gone = store.put_value(value_name_of(ids.front()), {}); !gone) return gone;
  }
  std::string text;
  for (const auto& id : ids) text += (text.empty() ? "" : " ") + id;
  return store.put_value(kList, text);
}

// Reads stored rules. Returns nothing if this version of the program cannot read them; their clocks
// then follow the current rules.
std::optional<ClockRules> read_rules(const std::string& id, const std::string& text,
                                     const RoutingPolicy& routing) {
  Findings findings;
  const auto both = parse_json(text);
  if (!both || !both->is_object()) return std::nullopt;
  const auto part = [&](std::string_view name) {
    const auto* value = member(both->get_object(), name);
    return parse_yaml(value != nullptr ? json::serialize(*value) : "{}",
                      std::string(name) + ".yaml", findings);
  };
  const auto rules = load_clock_rules(part("sla"), part("calendars"), routing, findings);
  if (!rules) return std::nullopt;
  ClockRules out = *rules;
  out.id = id;
  return out;
}

bool is_outdated(const PersonState& person, const std::string& rules) {
  return std::any_of(person.clocks.begin(), person.clocks.end(), [&](const ClockInstance& clock) {
    return !is_ended(clock) && !clock.policy.empty() && clock.policy != rules;
  });
}

}  // namespace

Status ClockRulesBook::ensure(Configuration& configuration, Store& store) {
  const auto policy = configuration.policy.load();
  if (policy == nullptr || policy->knows_earlier) return {};
  const std::lock_guard lock(mutex_);
  while (true) {
    const auto newest = configuration.policy.load();
    if (newest->knows_earlier) return {};
    if (auto learnt = learn(configuration, store, newest); !learnt) return learnt;
  }
}

Status ClockRulesBook::learn(Configuration& configuration, Store& store,
                             const std::shared_ptr<const Policy>& policy) {
  auto ids = filed(store);
  if (!ids) return ids.error();
  const bool is_newest = !ids->empty() && ids->back() == policy->rules;
  if (!is_newest) {
    if (auto status = file_rules(store, *policy, *ids); !status) return status;
    log_info("engine", "stored the rules of SLA clocks",
             {{"rules", policy->rules}, {"kept", ids->size()}});
  }
  auto swept = store.get_value(kSwept);
  if (!swept) return swept.error();
  auto next = std::make_shared<Policy>(*policy);
  next->earlier.clear();
  for (const auto& id : *ids) {
    if (id == policy->rules) continue;
    auto text = store.get_value(value_name_of(id));
    if (!text) return text.error();
    if (auto rules = read_rules(id, *text, *policy->routing))
      next->earlier.push_back(std::move(*rules));
  }
  next->knows_earlier = true;
  // If a reload replaced the policy meanwhile, the next call processes the new one.
  if (!configuration.policy.replace(policy, next)) return {};
  swept_ = 0;
  sweep_wanted_.store(policy->sla->on_change != OnChange::kNewOnly && *swept != policy->rules);
  return {};
}

Status ClockRulesBook::sweep(const ApplierParts& parts, Store& store) {
  const auto policy = parts.configuration.policy.load();
  auto ids = store.recent_persons(swept_.load(), kSweepBatch);
  if (!ids) return ids.error();
  auto persons = parts.access.documents->load(store, *ids);
  if (!persons) return persons.error();
  auto now = store.now();
  if (!now) return now.error();
  std::vector<Work> work;
  for (const auto& person : *persons) {
    if (person.version == 0 || !is_outdated(person.state, policy->rules)) continue;
    work.push_back({person.state.id,
                    {fmt::format("{}:policy:{}", person.state.id.view(), policy->rules),
                     PolicyChanged{policy->rules}},
                    *now,
                    {}});
  }
  for (const auto& result : Applier(parts, store).apply(work)) {
    if (!result.status) return result.status;
  }
  const std::lock_guard lock(mutex_);
  if (parts.configuration.policy.load() != policy)
    return {};  // a reload replaced the policy; the sweep starts again under its rules
  swept_ += ids->size();
  if (ids->size() == kSweepBatch) return {};
  if (auto noted = store.put_value(kSwept, policy->rules); !noted) return noted;
  sweep_wanted_.store(false);
  log_info("engine", "recomputed the running clocks under the new rules",
           {{"rules", policy->rules}, {"persons", swept_.load()}});
  return {};
}

void preview_clocks(const PersonState& person, const Policy& from_now, const Policy& retroactive,
                    Instant now, PolicyPreview& preview) {
  const auto count = [&](const Policy& policy, PolicyPreview::Moves& moves) {
    const auto after = decide(person, {"preview", PolicyChanged{policy.rules}}, policy, now).next;
    for (std::size_t i = 0; i < person.clocks.size() && i < after.clocks.size(); ++i) {
      if (is_ended(person.clocks[i])) continue;
      const Instant was = person.clocks[i].due, is = after.clocks[i].due;
      ++(is == was ? moves.same : is < was ? moves.earlier : moves.later);
      if (is < was && is < now && !person.clocks[i].breached_at) ++moves.over;
    }
  };
  preview.clocks += static_cast<std::size_t>(std::count_if(
      person.clocks.begin(), person.clocks.end(), [](const auto& c) { return !is_ended(c); }));
  count(from_now, preview.from_now);
  count(retroactive, preview.retroactive);
}

std::shared_ptr<const Policy> with_rules(const std::shared_ptr<const Policy>& policy,
                                         const ClockRules& rules, OnChange mode) {
  auto next = std::make_shared<Policy>(*policy);
  auto sla = std::make_shared<SlaPolicy>(*rules.sla);
  sla->on_change = mode;
  next->earlier.push_back({policy->rules, policy->sla, {policy, &policy->calendars}});
  next->sla = std::move(sla);
  next->calendars = *rules.calendars;
  next->rules = rules.id;
  return next;
}

}  // namespace baton
