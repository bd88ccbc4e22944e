#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "gateway/core/routing/route.h"

namespace baton {

// Fictitious leads derived from a policy: the values that its rules test and its reps cover, for
// each field one value that the policy does not name, and none. The same policy gives the same
// leads.
class SyntheticLeads {
 public:
  explicit SyntheticLeads(const RoutingPolicy& policy);

  // Every other lead is built to match one rule, in turn, so that narrow rules are exercised too.
  RouteInput make(int number);
  // Whether the value is the one that no policy names.
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
