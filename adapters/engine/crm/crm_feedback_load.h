#pragma once

#include <optional>

#include "adapters/engine/crm/crm_declared.h"

namespace baton {

// Reads the `feedback` part of the spec, already merged with the configuration; empty if it is
// missing or switched off.
std::optional<FeedbackPlan> read_feedback(const YamlDocument& config, const YamlDocument& spec,
                                          const CrmPlan& plan, Findings& findings);

}  // namespace baton
