#pragma once

#include <string>

#include "gateway/core/model/reason.h"
#include "gateway/core/routing/routing_policy.h"

namespace baton {

// The lead's features that rules test. They identify no person: the decision log stores them.
struct RouteInput {
  std::string country, region, postal_code, city, language, grade, type, job_level, job_function;
  std::string company_domain, company_size, asset, campaign, channel, previous_owner;
  std::string touch, source;     // of the newest touch: "demo_request", "typeform"
  std::string account_owner;     // rep to whom the CRM or the policy's accounts assign the company
  int hops = 0;                  // owners asked so far
  int previous_owner_days = -1;  // days since the previous owner had it; -1: there was none
};

// The value that a rule compares; hops as a decimal number.
std::string route_value(const RouteInput& input, RouteField field);

struct RouteChoice {
  std::string pool;
  std::string rule;     // name of the rule that chose the pool; "catch_all"
  RepId preferred_rep;  // the preferred rep: named, account owner or previous owner; ""
  bool hot = false;     // a matching rule up to the choice set it
  bool sticky = false;  // the preference also holds outside hours and over a cap
  std::vector<std::string> skills, seniority;  // requirements of the matching rules for the owner
  Reasons reasons;  // one reason for each rule that was tested: matched or not, and why
};

// The first matching rule with a pool wins. A lead that no rule matches goes to the catch-all, with
// the reason "route.catch_all", which reports count. Pure and total.
RouteChoice choose_pool(const RoutingPolicy& policy, const RouteInput& input);

}  // namespace baton
