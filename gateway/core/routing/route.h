#pragma once

#include <string>

#include "gateway/core/model/reason.h"
#include "gateway/core/routing/routing_policy.h"

namespace baton {

// What the rules look at: features that identify nobody, as the decision logs them.
struct RouteInput {
  std::string country, region, postal_code, city, language, grade, type, job_level, job_function;
  std::string company_domain, company_size, asset, campaign, channel, previous_owner;
  std::string touch, source;     // of the newest touch: "demo_request", "typeform"
  std::string account_owner;     // rep to whom the CRM or the policy's accounts give the company
  int hops = 0;                  // owners asked so far
  int previous_owner_days = -1;  // since the previous owner had it; -1: nobody had
};

// The value a rule compares; hops as a decimal number.
std::string route_value(const RouteInput& input, RouteField field);

struct RouteChoice {
  std::string pool;
  std::string rule;                            // name of the rule that chose it; "catch_all"
  std::string preferred_rep;                   // named, or the previous owner; ""
  bool hot = false;                            // some matching rule up to the choice said so
  bool sticky = false;                         // the preference holds outside hours and over a cap
  std::vector<std::string> skills, seniority;  // what the matching rules ask of the owner
  Reasons reasons;                             // every rule looked at, matched or not, and why
};

// First match wins; what matches no rule goes to the catch-all, whose reason "route.catch_all" is
// what reports count. Pure and total.
RouteChoice choose_pool(const RoutingPolicy& policy, const RouteInput& input);

}  // namespace baton
