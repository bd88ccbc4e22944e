#pragma once

#include <string>
#include <string_view>

#include "gateway/core/sla/sla_policy.h"
#include "gateway/core/text/texts.h"

namespace baton {

// The name of a clock: its `label` in policy/sla.yaml, else the word for its name, else the
// name with spaces. Also for clocks that the policy no longer defines.
std::string clock_label(const SlaPolicy& sla, std::string_view definition, const Texts& texts);

}  // namespace baton
