#include "gateway/core/sla/crm_task.h"

#include <algorithm>

#include "gateway/core/sla/sla_clock.h"

namespace baton {
namespace {

constexpr std::string_view kHandover = "/handover";

// The earliest due time of the running clocks of `subject`. Without open work, that of the ended
// clocks.
std::optional<Instant> promised(const PersonState& person, std::string_view subject, bool open) {
  std::optional<Instant> due;
  for (const auto& clock : person.clocks) {
    if ((!open || !is_ended(clock)) && clock.subject == subject && (!due || clock.due < *due))
      due = clock.due;
  }
  return due;
}

bool waits_for_owner(const Lead& lead) {
  return lead.stage == Stage::kMql && (!lead.open_request.empty() || lead.ask_again_at);
}

std::string_view state_of(TaskState state) {
  if (state == TaskState::kOpen) return "open";
  return state == TaskState::kDone ? "done" : "cancelled";
}

template <class Of>
auto in_episodes(const PersonState& person, const Of& of) -> decltype(of(*person.lead)) {
  if (person.lead) {
    if (auto found = of(*person.lead)) return found;
  }
  for (auto lead = person.past.rbegin(); lead != person.past.rend(); ++lead) {
    if (auto found = of(*lead)) return found;
  }
  return {};
}

}  // namespace

std::string CrmTask::shown() const {
  if (state != "open") return state;
  std::string all = state;
  all.append(":").append(owner.view());
  if (due) all.append("@").append(std::to_string(due->ms));
  return all;
}

CrmTask crm_task_of(const PersonState& person, const Lead& lead, const Task& task) {
  CrmTask out;
  out.id = task.id;
  out.kind = to_string(task.kind);
  // A contact that is unlawful, or to which the person objected, must not appear as work.
  const bool dropped = is_open(task.state) && (person.objected_at || !is_open(lead.stage));
  out.state = dropped ? "cancelled" : state_of(task.state);
  out.owner = task.owner;
  out.team = task.owner.empty() ? task.team : "";
  out.channel = task.channel;
  out.step = task.step;
  out.opened_at = task.opened_at;
  out.due = promised(person, task.id, out.state == "open");
  if (!out.due) out.due = task.due_at;
  return out;
}

std::optional<CrmTask> crm_handover_of(const PersonState& person, const Lead& lead) {
  if (lead.handovers.empty()) return std::nullopt;
  const auto& newest = lead.handovers.back();
  CrmTask out;
  out.id = lead.id.str();
  out.id += kHandover;
  out.kind = "handover";
  // While routing looks for the next owner, the task stays with the previous one. It moves instead
  // of disappearing and reappearing.
  const bool open = is_open(lead.stage) && !person.objected_at &&
                    (is_open(newest.state) || waits_for_owner(lead));
  out.state = open ? "open" : newest.state == HandoverState::kAccepted ? "done" : "cancelled";
  out.owner = newest.rep;
  out.opened_at = newest.offered_at;
  out.due = promised(person, newest.id.view(), is_open(newest.state));
  if (!out.due && open) out.due = promised(person, {}, open);
  return out;
}

std::optional<CrmTask> crm_task(const PersonState& person, std::string_view id) {
  return in_episodes(person, [&](const Lead& lead) -> std::optional<CrmTask> {
    if (!id.starts_with(lead.id.view())) return std::nullopt;
    const auto rest = id.substr(lead.id.view().size());
    if (rest == kHandover) return crm_handover_of(person, lead);
    const auto found = std::find_if(lead.tasks.begin(), lead.tasks.end(),
                                    [&](const Task& task) { return task.id == id; });
    if (found == lead.tasks.end()) return std::nullopt;
    return crm_task_of(person, lead, *found);
  });
}

const ShownTask* shown_task(const PersonState& person, std::string_view id) {
  return in_episodes(person, [&](const Lead& lead) -> const ShownTask* {
    const auto found = std::find_if(lead.shown.begin(), lead.shown.end(),
                                    [&](const ShownTask& shown) { return shown.id == id; });
    return found == lead.shown.end() ? nullptr : &*found;
  });
}

}  // namespace baton
