#include "gateway/core/policy/policy.h"

#include <algorithm>

#include <fmt/format.h>

#include "gateway/core/calendar/calendar_policy.h"
#include "gateway/core/routing/route_lint.h"
#include "gateway/core/routing/routing_load.h"
#include "gateway/core/routing/routing_shifts.h"
#include "gateway/core/scoring/scoring_load.h"
#include "gateway/core/sla/clock_calendar.h"
#include "mapping/json/json.h"
#include "mapping/schema/schema.h"

namespace baton {
namespace {

const YamlDocument* need(const std::map<std::string, YamlDocument>& documents,
                         const std::string& kind, Findings& findings) {
  const auto found = documents.find(kind);
  if (found == documents.end()) {
    Finding missing;
    missing.file = "policy/" + kind + ".yaml";
    missing.message = "the file is missing; `baton init` writes one with good defaults";
    missing.code = "policy.missing_file";
    findings.push_back(std::move(missing));
    return nullptr;
  }
  auto faults = check_schema(found->second, kind);
  const bool usable = !has_errors(faults);
  append(findings, std::move(faults));
  return usable ? &found->second : nullptr;
}

void check_calendar(const YamlDocument& yaml, const std::string& pointer, const std::string& name,
                    const CalendarSet& calendars, Findings& findings) {
  if (name == "rep" || name == "team" || name == "lead" || calendars.find(name) != nullptr) return;
  std::vector<std::string> names;
  for (const auto& [known, calendar] : calendars.calendars) names.push_back(known);
  const auto near = did_you_mean(name, names);
  findings.push_back(
      yaml.finding(pointer,
                   fmt::format("there is no calendar \"{}\" in policy/calendars.yaml{}", name,
                               near.empty() ? "" : fmt::format("; did you mean \"{}\"?", near)),
                   "policy.unknown_calendar"));
}

// Checks names of other policies in the agreement, directly in the file, so that an error elsewhere
// in it does not hide them.
void check_calendar_names(const YamlDocument& sla, const CalendarSet& calendars,
                          Findings& findings) {
  const auto* root = sla.value.if_object();
  if (root == nullptr) return;
  const auto look = [&](const json::object& holder, const std::string& pointer) {
    const auto name = std::string(text(holder, "calendar"));
    if (!name.empty()) check_calendar(sla, pointer + "/calendar", name, calendars, findings);
  };
  look(*root, "");
  if (const auto* places = array(*root, "places")) {
    for (std::size_t i = 0; i < places->size(); ++i) {
      if (const auto* place = (*places)[i].if_object()) look(*place, fmt::format("/places/{}", i));
    }
  }
  for (const auto* part : {"clocks", "periods"}) {
    const auto* all = object(*root, part);
    if (all == nullptr) continue;
    for (const auto& [id, one] : *all) {
      if (one.is_object()) look(one.get_object(), fmt::format("/{}/{}", part, pointer_segment(id)));
    }
  }
}

void check_marketing(const YamlDocument& sla, const RoutingPolicy& routing, Findings& findings) {
  const auto* root = sla.value.if_object();
  const RepId marketing(root == nullptr ? std::string_view() : text(*root, "marketing"));
  if (marketing.empty() || routing.rep(marketing) != nullptr) return;
  findings.push_back(
      sla.finding("/marketing",
                  fmt::format("no rep in policy/routing.yaml has the id \"{}\"", marketing.view()),
                  "policy.unknown_rep"));
}

// Checks who is notified of a promise over a period.
void check_period_readers(const YamlDocument& yaml, const SlaPolicy& sla,
                          const RoutingPolicy& routing, Findings& findings) {
  for (const auto& period : sla.periods) {
    for (const auto& to : period.to) {
      if (to == "marketing" || routing.rep(RepId(to)) != nullptr) continue;
      findings.push_back(
          yaml.finding(fmt::format("/periods/{}/to", pointer_segment(period.id)),
                       fmt::format("no rep in policy/routing.yaml has the id \"{}\"", to),
                       "policy.unknown_rep"));
    }
  }
}

// Checks the routing names in a clock's guard: with a misspelled pool the clock would never start.
void check_guards(const YamlDocument& yaml, const SlaPolicy& sla, const RoutingPolicy& routing,
                  Findings& findings) {
  const auto wrong = [&](const ClockDefinition& clock, std::string_view member, std::size_t i,
                         std::string message, std::string code) {
    findings.push_back(
        yaml.finding(fmt::format("/clocks/{}/when/{}/{}", pointer_segment(clock.id), member, i),
                     std::move(message), std::move(code)));
  };
  const auto is_rule = [&](std::string_view name) {
    return name == "catch_all" || std::any_of(routing.rules.begin(), routing.rules.end(),
                                              [&](const auto& rule) { return rule.name == name; });
  };
  for (const auto& clock : sla.clocks) {
    for (std::size_t i = 0; i < clock.when.pools.size(); ++i) {
      const auto& name = clock.when.pools[i];
      if (routing.pool(name) == nullptr)
        wrong(clock, "pool", i, fmt::format("policy/routing.yaml has no pool \"{}\"", name),
              "policy.unknown_pool");
    }
    for (std::size_t i = 0; i < clock.when.rules.size(); ++i) {
      const auto& name = clock.when.rules[i];
      if (!is_rule(name))
        wrong(clock, "rule", i, fmt::format("policy/routing.yaml has no rule \"{}\"", name),
              "policy.unknown_rule");
    }
  }
}

// Checks the owner of qualification tasks.
void check_sdr(const YamlDocument& lifecycle, const LifecyclePolicy& policy,
               const RoutingPolicy& routing, Findings& findings) {
  const auto& sdr = policy.work.sdr;
  if (!sdr.rep.empty() && routing.rep(sdr.rep) == nullptr) {
    findings.push_back(lifecycle.finding(
        "/sdr/rep", fmt::format("no rep in policy/routing.yaml has the id \"{}\"", sdr.rep.view()),
        "policy.unknown_rep"));
  }
  if (!sdr.team.empty() && routing.team(sdr.team) == nullptr) {
    findings.push_back(lifecycle.finding(
        "/sdr/team", fmt::format("no team in policy/routing.yaml has the id \"{}\"", sdr.team),
        "policy.unknown_team"));
  }
}

std::string policy_hash_of(const Policy& policy) {
  json::object parts;
  parts["calendars"] = policy.calendars.hash;
  parts["lifecycle"] = policy.lifecycle->hash;
  parts["routing"] = policy.routing->hash;
  parts["scoring"] = scoring_hash(*policy.scoring);
  parts["sla"] = policy.sla->hash;
  return content_hash(parts);
}

std::string rules_id(const SlaPolicy& sla, const CalendarSet& calendars) {
  return sha256_hex(sla.hash + calendars.hash).substr(0, 12);
}

}  // namespace

const ClockRules* Policy::rules_of(const ClockInstance& clock) const {
  if (clock.policy.empty() || clock.policy == rules || sla->on_change != OnChange::kNewOnly)
    return nullptr;
  const auto found = std::find_if(earlier.begin(), earlier.end(),
                                  [&](const ClockRules& r) { return r.id == clock.policy; });
  return found == earlier.end() ? nullptr : &*found;
}

std::shared_ptr<const ClockRules> load_clock_rules(const YamlDocument& sla,
                                                   const YamlDocument& calendars,
                                                   const RoutingPolicy& routing,
                                                   Findings& findings) {
  auto rules = std::make_shared<ClockRules>();
  auto set = std::make_shared<CalendarSet>(load_calendars(calendars, findings));
  auto faults = check_schema(sla, "sla");
  const bool usable = !has_errors(faults);
  append(findings, std::move(faults));
  rules->sla = usable ? load_sla(sla, findings) : nullptr;
  if (!rules->sla || has_errors(findings)) return nullptr;
  rules->id = rules_id(*rules->sla, *set);
  add_clock_calendars(*rules->sla, routing, sla, *set, findings);
  rules->calendars = std::move(set);
  return rules;
}

std::shared_ptr<const Policy> load_policy(const std::map<std::string, YamlDocument>& documents,
                                          Findings& findings, std::vector<ClockRules> earlier) {
  auto policy = std::make_shared<Policy>();
  policy->earlier = std::move(earlier);
  const auto before = findings.size();
  const auto* calendars = need(documents, "calendars", findings);
  const auto* lifecycle = need(documents, "lifecycle", findings);
  const auto* routing = need(documents, "routing", findings);
  const auto* scoring = need(documents, "scoring", findings);
  const auto* sla = need(documents, "sla", findings);
  Findings of_calendars;
  if (calendars != nullptr) policy->calendars = load_calendars(*calendars, of_calendars);
  const bool calendars_known = calendars != nullptr && !has_errors(of_calendars);
  append(findings, std::move(of_calendars));
  if (lifecycle != nullptr) policy->lifecycle = load_lifecycle(*lifecycle, findings);
  if (routing != nullptr) policy->routing = load_routing(*routing, findings);
  if (policy->routing && calendars_known)
    add_shift_calendars(*routing, *policy->routing, policy->calendars, findings);
  if (policy->routing) lint_routing(*routing, *policy->routing, policy->calendars, findings);
  if (scoring != nullptr) policy->scoring = load_scoring(*scoring, findings);
  if (sla != nullptr) policy->sla = load_sla(*sla, findings);
  if (policy->sla && policy->routing && calendars_known)
    add_clock_calendars(*policy->sla, *policy->routing, *sla, policy->calendars, findings);
  if (sla != nullptr && calendars_known) check_calendar_names(*sla, policy->calendars, findings);
  if (sla != nullptr && policy->routing) check_marketing(*sla, *policy->routing, findings);
  if (policy->sla && policy->routing)
    check_period_readers(*sla, *policy->sla, *policy->routing, findings);
  if (policy->sla && policy->routing) check_guards(*sla, *policy->sla, *policy->routing, findings);
  if (policy->lifecycle && policy->routing)
    check_sdr(*lifecycle, *policy->lifecycle, *policy->routing, findings);
  if (!policy->lifecycle || !policy->routing || !policy->scoring || !policy->sla) return nullptr;
  for (std::size_t i = before; i < findings.size(); ++i) {
    if (!findings[i].warning) return nullptr;
  }
  policy->hash = policy_hash_of(*policy);
  policy->rules = rules_id(*policy->sla, policy->calendars);
  policy->rules_text =
      json::serialize(json::object{{"calendars", calendars->value}, {"sla", sla->value}});
  return policy;
}

}  // namespace baton
