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

// What clocks are timed by: the agreement and its calendars, as they were at some time.
struct ClockRules {
  std::string id;  // 12 hex digits of the hash of both
  std::shared_ptr<const SlaPolicy> sla;
  std::shared_ptr<const CalendarSet> calendars;
};

// Everything decisions depend on besides the person and the event: the policies of one config
// folder, compiled. Immutable; shared between threads; its hash is written with every decision.
struct Policy {
  std::shared_ptr<const ScoringPolicy> scoring;
  std::shared_ptr<const LifecyclePolicy> lifecycle;
  std::shared_ptr<const RoutingPolicy> routing;
  std::shared_ptr<const SlaPolicy> sla;
  CalendarSet calendars;
  // What people read. No decision depends on it, so it is no part of the hash.
  std::shared_ptr<const TextCatalogue> texts = built_in_texts();
  std::string hash;   // of all policies and of the calendar data
  std::string rules;  // ClockRules::id of `sla` and `calendars`
  std::string
      rules_text;  // the two files as JSON, {"calendars","sla"}, to be read by load_clock_rules
  std::vector<ClockRules> earlier;  // rules that running clocks may have been started by
  bool knows_earlier = false;  // they have been looked up (gateway/app/engine/policy_versions.h)

  // The earlier rules that a clock keeps; null where it goes by `sla` and `calendars`.
  const ClockRules* rules_of(const ClockInstance& clock) const;
};

// The rules alone, from documents of before; null where they cannot be read any more.
std::shared_ptr<const ClockRules> load_clock_rules(const YamlDocument& sla,
                                                   const YamlDocument& calendars,
                                                   const RoutingPolicy& routing,
                                                   Findings& findings);

// Compiles the documents of policy/*.yaml, by kind ("lifecycle", "scoring", "routing", "sla",
// "calendars"); other kinds are left alone. Checks each against its schema, and the names they use
// of each other. All findings are collected; null where one of them is an error. `earlier`: rules
// that clocks may still run by.
std::shared_ptr<const Policy> load_policy(const std::map<std::string, YamlDocument>& documents,
                                          Findings& findings, std::vector<ClockRules> earlier = {});

}  // namespace baton
