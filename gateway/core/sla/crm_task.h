#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "gateway/core/lifecycle/work_kinds.h"
#include "gateway/core/model/person.h"

namespace baton {

// A piece of work as CRMs show it: a task of the lead (person.h), or "take this lead over" while a
// handover waits for its rep. The latter is one task a lead, which moves from rep to rep with it.

struct CrmTask {
  std::string id;           // Task::id, or lead id + "/handover"
  std::string kind;         // one of kCrmTaskKinds
  std::string state;        // "open", "done", "cancelled"
  std::string owner, team;  // rep id; "" : the queue of the team
  std::string channel;
  int step = 0;
  Instant opened_at;
  std::optional<Instant> due;  // by when it is promised, else from when on it is to be done

  // All of it whose change is worth a call: ShownTask::state.
  std::string shown() const;
};

// EffectOutcome::effect of what became of one: this, CrmTask::id, "=" and CrmTask::shown() as it
// was told; nothing behind the "=" where it was refused, so that nothing was made.
inline constexpr std::string_view kTaskOutcome = "task:";

// The task of that id, of the newest episode or an earlier one, as of today; nothing where there is
// none.
std::optional<CrmTask> crm_task(const PersonState& person, std::string_view id);
// The record of what CRMs were asked; null where they never were.
const ShownTask* shown_task(const PersonState& person, std::string_view id);

// The parts that decide goes through.
CrmTask crm_task_of(const PersonState& person, const Lead& lead, const Task& task);
std::optional<CrmTask> crm_handover_of(const PersonState& person, const Lead& lead);

}  // namespace baton
