#include "gateway/core/decide/crm_task.h"

#include <algorithm>

#include "gateway/core/decide/decide.h"
#include "gateway/core/decision/joined.h"
#include "gateway/core/sla/crm_task.h"

namespace baton {
namespace {

constexpr std::size_t kShown = 32;

ShownTask* find_shown(Lead& lead, std::string_view id) {
  const auto found = std::find_if(lead.shown.begin(), lead.shown.end(),
                                  [&](const ShownTask& shown) { return shown.id == id; });
  return found == lead.shown.end() ? nullptr : &*found;
}

ShownTask* find_shown(PersonState& person, std::string_view id) {
  auto* found = person.lead ? find_shown(*person.lead, id) : nullptr;
  for (auto& lead : person.past) {
    if (found == nullptr) found = find_shown(lead, id);
  }
  return found;
}

ShownTask& add_shown(Lead& lead, const std::string& id) {
  if (lead.shown.size() >= kShown) {
    const auto oldest =
        std::find_if(lead.shown.begin(), lead.shown.end(),
                     [](const ShownTask& shown) { return !shown.state.starts_with("open"); });
    if (oldest != lead.shown.end()) lead.shown.erase(oldest);
  }
  lead.shown.push_back({.id = id});
  return lead.shown.back();
}

void ask(DecisionContext& s, ShownTask& shown, const CrmTask& task) {
  shown.state = task.shown();
  s.changed();
  // The CRM needs the person before it can show their task.
  if (++shown.asked == 1) s.push();
  s.happened(joined({"crm_task.", task.state, ".", task.kind}));
  const bool open = task.state == "open";
  s.because("crm_task.wanted", "push.tasks",
            {{"task", task.id},
             {"kind", joined({"task.", task.kind})},
             {"state", joined({"task_state.", task.state})},
             {"owner", FactValue::if_said(open ? task.owner.view() : "")},
             {"team", FactValue::if_said(open ? std::string_view(task.team) : "")},
             {"due", FactValue::if_said(open && task.due, task.due.value_or(Instant{}))}});
  s.sink.effects.emplace_back(
      TaskSyncRequested{joined({task.id, ":crm:", std::to_string(shown.asked)}), task.id, task.kind,
                        task.state, task.owner, shown.asked});
}

// A task is shown from the time it is open, if the policy wants its kind. CRMs keep showing a task
// that they have been asked to show, even if the policy changes.
void request_task(DecisionContext& s, Lead& lead, const CrmTask& task) {
  auto* shown = find_shown(lead, task.id);
  if (shown == nullptr) {
    const auto kind = crm_task_kind(task.kind);
    const bool wanted = kind && s.policy.lifecycle->push_tasks[*kind];
    if (!wanted || task.state != "open" || !is_shown(s.person, *s.policy.lifecycle)) return;
    shown = &add_shown(lead, task.id);
  }
  if (shown->state != task.shown()) ask(s, *shown, task);
}

}  // namespace

void reconcile_crm_tasks(DecisionContext& s) {
  if (!s.person.lead) return;
  auto& lead = s.newest_lead();
  if (s.policy.lifecycle->push_tasks.none() && lead.shown.empty()) return;
  for (const auto& task : lead.tasks) request_task(s, lead, crm_task_of(s.person, lead, task));
  if (const auto handover = crm_handover_of(s.person, lead)) request_task(s, lead, *handover);
}

void crm_task_outcome(DecisionContext& s, const EffectOutcome& event) {
  const auto told = std::string_view(event.effect).substr(kTaskOutcome.size());
  const auto id = told.substr(0, told.find('='));
  const auto state = told.substr(std::min(id.size() + 1, told.size()));
  auto* shown = find_shown(s.person, id);
  if (shown == nullptr) return;
  auto& refs = shown->external_ids;
  const auto unsure = std::find(shown->unsure.begin(), shown->unsure.end(), event.destination);
  if (!event.delivered) {
    if (state.empty() || refs.contains(event.destination) || unsure != shown->unsure.end()) return;
    shown->unsure.push_back(event.destination);
    return s.changed();
  }
  if (event.ref.empty() || refs[event.destination] == event.ref) return;
  refs[event.destination] = event.ref;
  if (unsure != shown->unsure.end()) shown->unsure.erase(unsure);
  s.changed();
  s.happened("crm_task.shown");
  s.because("crm_task.shown", {}, {{"task", id}, {"destination", event.destination}});
  // The CRM did not know the task's id while it created it, so changes since then are requested
  // now.
  const auto task = crm_task(s.person, id);
  if (task && state != task->shown()) ask(s, *shown, *task);
}

}  // namespace baton
