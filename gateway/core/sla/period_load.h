#pragma once

#include "gateway/core/policy_file/policy_reader.h"
#include "gateway/core/sla/sla_policy.h"

namespace baton {

// Reads `periods:` and `forecast:` of policy/sla.yaml.
void read_periods(PolicyReader& in, SlaPolicy& policy);
void read_forecast(PolicyReader& in, SlaPolicy& policy);

}  // namespace baton
