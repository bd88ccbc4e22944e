#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "gateway/core/model/person.h"
#include "gateway/core/routing/routing_policy.h"

namespace baton {

// Tasks without an owner wait in the queue of a team. The first rep of the team who acts does the
// task.

// The reps to notify of such a task, or of a clock without an owner: the team's lead, else its
// head, else all its members. Without a team, the rep who is notified of the catch-all.
std::vector<RepId> queue_recipients(const RoutingPolicy& routing, std::string_view team);

// Whether the rep may act on the task: its owner, or a member, lead or head of its team.
bool may_do(const RoutingPolicy& routing, const Task& task, const RepId& rep);

}  // namespace baton
