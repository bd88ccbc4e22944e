#pragma once

#include <string>

#include "gateway/core/model/person.h"
#include "gateway/core/policy/policy.h"

namespace baton {

// The team of the pool that the person's newest lead is in; "" without a lead or a pool.
const std::string& team_of(const Policy& policy, const PersonState& person);

// The lead of that team; "" if the team names none.
RepId team_lead_of(const Policy& policy, const PersonState& person);

// The head of that team, or its lead if the team names no head.
RepId team_head_of(const Policy& policy, const PersonState& person);

}  // namespace baton
