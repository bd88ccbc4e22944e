#pragma once

#include <string>

#include "gateway/core/policy_file/policy_reader.h"
#include "gateway/core/sla/sla_policy.h"

namespace baton {

// Reads one definition of policy/sla.yaml, `clocks.<id>`.
ClockDefinition read_clock(PolicyReader& in, const std::string& id, const SlaPolicy& policy);

// Traps that a clock can be built into, told before it runs (G22): it never starts, never stops,
// stops at what starts it, is paused from its first moment on, is reset and stopped by the same
// moment.
void check_clock(PolicyReader& in, const std::string& at, const ClockDefinition& clock);

}  // namespace baton
