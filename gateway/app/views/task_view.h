#pragma once

#include <string_view>

#include <boost/json/object.hpp>

#include "gateway/core/policy/policy.h"
#include "gateway/core/sla/crm_task.h"

namespace baton {

// A task for crm/*.yaml (adapters/engine/crm/crm_tasks.h): `task` of the view, with subject and
// text in the owner's language, or in `language` if it has no owner. The allowed channels are as of
// `now`.
boost::json::object task_view(const CrmTask& task, const PersonState& person, const Policy& policy,
                              std::string_view language, std::string_view explain_url, Instant now);

}  // namespace baton
