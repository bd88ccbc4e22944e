#pragma once

#include <map>
#include <memory>
#include <string>

#include "gateway/core/calendar.h"
#include "gateway/core/lifecycle_policy.h"
#include "gateway/core/routing_policy.h"
#include "gateway/core/score.h"
#include "gateway/core/sla_policy.h"

namespace baton {

// Everything decisions depend on besides the person and the event: the policies of one config
// folder, compiled. Immutable; shared between threads; its hash is written with every decision.
struct Policy {
  std::shared_ptr<const ScoringPolicy> scoring;
  std::shared_ptr<const LifecyclePolicy> lifecycle;
  std::shared_ptr<const RoutingPolicy> routing;
  std::shared_ptr<const SlaPolicy> sla;
  CalendarSet calendars;
  std::string hash;        // of all policies and of the calendar data
};

// Compiles the documents of policy/*.yaml, by kind ("lifecycle", "scoring", "routing", "sla",
// "calendars"); other kinds are left alone. Checks each against its schema, and the names they use
// of each other. All findings are collected; null where one of them is an error.
std::shared_ptr<const Policy> load_policy(const std::map<std::string, YamlDocument>& documents, Findings& findings);

}  // namespace baton
