#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "gateway/core/routing/route.h"

namespace baton {

// Leads made up from what a policy itself speaks of: the values its rules test and its reps cover,
// one more of each kind that it does not name, and none at all. The same policy gives the same
// leads.
class MadeUpLeads {
 public:
  explicit MadeUpLeads(const RoutingPolicy& policy);

  // Every other lead meets the tests of one rule, in turn, so that a narrow rule is asked too.
  RouteInput make(int number);
  // A value that the policy does not name.
  static std::string other(RouteField field);

 private:
  void add(RouteField field, const std::string& value);
  const std::string& any(RouteField field);
  std::string meeting(const RoutePredicate& test);
  std::uint64_t next();

  const RoutingPolicy& policy_;
  std::map<RouteField, std::vector<std::string>> values_;
  std::uint64_t state_ = 0x6261746f6e;
};

}  // namespace baton
