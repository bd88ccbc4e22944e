#pragma once

#include <string_view>

#include <boost/json/object.hpp>

#include "gateway/core/policy/policy.h"
#include "gateway/core/sla/crm_task.h"

namespace baton {

// A task as crm/*.yaml may name it (adapters/engine/crm/crm_tasks.h): `task` of the view, with
// subject and text in the language of who has to do it, else in `language`. How the person may be
// reached is as of `now`.
boost::json::object task_view(const CrmTask& task, const PersonState& person, const Policy& policy,
                              std::string_view language, std::string_view explain_url, Instant now);

}  // namespace baton
