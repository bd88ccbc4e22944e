#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "gateway/core/model/person.h"
#include "gateway/core/routing/routing_policy.h"

namespace baton {

// Tasks that are nobody's yet: they stand in the queue of a team, and whoever of it comes first
// does them.

// Who hears of one, as of a clock without an owner: the team's lead, where there is none its head,
// else everybody in it; without a team whoever looks after what no rule wanted.
std::vector<std::string> queue_keepers(const RoutingPolicy& routing, std::string_view team);

// Whether the rep may answer the task: its owner, else those of its team and who answers for it.
bool may_do(const RoutingPolicy& routing, const Task& task, std::string_view rep);

}  // namespace baton
