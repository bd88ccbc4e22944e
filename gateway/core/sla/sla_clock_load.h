#pragma once

#include <string>

#include "gateway/core/policy_file/policy_reader.h"
#include "gateway/core/sla/sla_policy.h"

namespace baton {

// Reads one definition of policy/sla.yaml, `clocks.<id>`.
ClockDefinition read_clock(PolicyReader& in, const std::string& id, const SlaPolicy& policy);

// Reports clocks that cannot work (requirement G22): a clock that never starts or never stops, that
// is stopped by its start, that is paused from the start on, or that the same moment both resets
// and stops.
void check_clock(PolicyReader& in, const std::string& at, const ClockDefinition& clock);

}  // namespace baton
