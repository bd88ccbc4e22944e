#pragma once

#include <string>

#include "gateway/core/model/person.h"
#include "gateway/core/policy/policy.h"

namespace baton {

// The team of the pool that the person's newest lead is in; "" without a lead or a pool.
const std::string& team_of(const Policy& policy, const PersonState& person);

// Rep id of that team's lead; "" if the team names none.
std::string team_lead_of(const Policy& policy, const PersonState& person);

// Rep id of that team's head, or of its lead if the team names no head.
std::string team_head_of(const Policy& policy, const PersonState& person);

}  // namespace baton
