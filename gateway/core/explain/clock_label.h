#pragma once

#include <string>
#include <string_view>

#include "gateway/core/explain/explain.h"
#include "gateway/core/sla/sla_policy.h"

namespace baton {

// What humans call a clock: its `label` in policy/sla.yaml, else the word that is known for its
// name, else the name with blanks. Also for clocks that the policy knows no more.
std::string clock_label(const SlaPolicy& sla, std::string_view definition, Language language);

}  // namespace baton
