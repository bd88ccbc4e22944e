#pragma once

#include <optional>

#include "adapters/engine/crm/crm_declared.h"

namespace baton {

// Reads the `tasks` part of the spec in the same way.
std::optional<TaskPlan> read_tasks(const YamlDocument& config, const YamlDocument& spec,
                                   const CrmPlan& plan, Findings& findings);

}  // namespace baton
