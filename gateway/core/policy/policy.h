#pragma once

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "gateway/core/calendar/calendar.h"
#include "gateway/core/lifecycle/lifecycle_policy.h"
#include "gateway/core/routing/routing_policy.h"
#include "gateway/core/scoring/score.h"
#include "gateway/core/sla/sla_policy.h"
#include "gateway/core/text/texts.h"

namespace baton {

// The rules that time clocks: one version of the agreement and its calendars.
struct ClockRules {
  std::string id;  // 12 hex digits of the hash of both
  std::shared_ptr<const SlaPolicy> sla;
  std::shared_ptr<const CalendarSet> calendars;
};

// All inputs of a decision besides the person and the event: the policies of one config folder,
// compiled. Immutable; shared between threads. Each decision records the hash.
struct Policy {
  std::shared_ptr<const ScoringPolicy> scoring;
  std::shared_ptr<const LifecyclePolicy> lifecycle;
  std::shared_ptr<const RoutingPolicy> routing;
  std::shared_ptr<const SlaPolicy> sla;
  CalendarSet calendars;
  // The texts for people. No decision depends on them, so the hash excludes them.
  std::shared_ptr<const TextCatalogue> texts = built_in_texts();
  std::string hash;        // of all policies and of the calendar data
  std::string rules;       // ClockRules::id of `sla` and `calendars`
  std::string rules_text;  // the two files as JSON, {"calendars","sla"}, for load_clock_rules
  std::vector<ClockRules> earlier;  // earlier rules by which running clocks may have been started
  bool knows_earlier = false;       // they were looked up (gateway/app/engine/policy_versions.h)

  // The earlier rules that a clock keeps. Null if it follows `sla` and `calendars`.
  const ClockRules* rules_of(const ClockInstance& clock) const;
};

// Compiles the rules alone, from earlier documents. Null if this version cannot read them.
std::shared_ptr<const ClockRules> load_clock_rules(const YamlDocument& sla,
                                                   const YamlDocument& calendars,
                                                   const RoutingPolicy& routing,
                                                   Findings& findings);

// Compiles the documents of policy/*.yaml, by kind ("lifecycle", "scoring", "routing", "sla",
// "calendars"), and ignores other kinds. Checks each against its schema, and the names that they
// use of each other. Collects all findings; returns null if one of them is an error. `earlier`:
// rules of running clocks.
std::shared_ptr<const Policy> load_policy(const std::map<std::string, YamlDocument>& documents,
                                          Findings& findings, std::vector<ClockRules> earlier = {});

}  // namespace baton
