#pragma once

#include <string>

#include "mapping/schema/finding.h"
#include "mapping/schema/yaml.h"

namespace baton {

// Who agreed to a policy, for marketing and for sales, and on which day; both as written. Empty
// where nobody has. Not part of a policy's hash: who agreed does not change what is decided.
struct Approval {
  std::string by, on;
};
struct Approvals {
  Approval marketing, sales;
};

// `approvals` of a policy file. A missing one is a warning (policy.not_approved).
Approvals read_approvals(const YamlDocument& yaml, Findings& findings);

}  // namespace baton
