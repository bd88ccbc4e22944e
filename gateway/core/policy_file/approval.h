#pragma once

#include <string>

#include "mapping/schema/finding.h"
#include "mapping/schema/yaml.h"

namespace baton {

// The approval of a policy by marketing or by sales: name and day, as written. Empty if there
// is no approval. Not part of a policy's hash, because approvals do not affect decisions.
struct Approval {
  std::string by, on;
};
struct Approvals {
  Approval marketing, sales;
};

// Reads `approvals` of a policy file. Warns of a missing approval (policy.not_approved).
Approvals read_approvals(const YamlDocument& yaml, Findings& findings);

}  // namespace baton
