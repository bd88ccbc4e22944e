#include "gateway/core/routing/task_queue.h"

namespace baton {
namespace {

bool is_there(const Rep* rep) { return rep != nullptr && rep->active; }

}  // namespace

std::vector<RepId> queue_recipients(const RoutingPolicy& routing, std::string_view team) {
  if (const auto* lead = routing.lead_of(team); is_there(lead)) return {lead->id};
  if (const auto* head = routing.head_of(team); is_there(head)) return {head->id};
  std::vector<RepId> out;
  for (const auto& rep : routing.reps) {
    if (!team.empty() && rep.active && rep.team == team) out.push_back(rep.id);
  }
  if (out.empty() && !routing.catch_all_notify.empty()) out.push_back(routing.catch_all_notify);
  return out;
}

bool may_do(const RoutingPolicy& routing, const Task& task, const RepId& rep) {
  if (!task.owner.empty()) return rep == task.owner;
  const auto* found = routing.rep(rep);
  if (found == nullptr) return false;
  return task.team.empty() || found->team == task.team || routing.lead_of(task.team) == found ||
         routing.head_of(task.team) == found;
}

}  // namespace baton
