#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "gateway/core/lifecycle/work_kinds.h"
#include "gateway/core/model/person.h"

namespace baton {

// A piece of work as CRMs show it: a task of the lead (person.h), or "take this lead over" while a
// handover waits for its rep. Each lead has one task of the latter kind, which moves from rep to
// rep.

struct CrmTask {
  std::string id;     // Task::id, or lead id + "/handover"
  std::string kind;   // one of kCrmTaskKinds
  std::string state;  // "open", "done", "cancelled"
  RepId owner;        // "": the queue of the team
  std::string team;
  std::string channel;
  int step = 0;
  Instant opened_at;
  std::optional<Instant> due;  // the promised time, else the earliest time for the task

  // The fields whose change is worth a call to the CRM, as one text (ShownTask::state).
  std::string shown() const;
};

// EffectOutcome::effect of a task: this prefix, CrmTask::id, "=" and the CrmTask::shown() that was
// sent. Nothing follows the "=" if the CRM refused the task and so did not create it.
inline constexpr std::string_view kTaskOutcome = "task:";

// Finds the task with this id, as of today, in the newest or an earlier episode. Empty if there is
// none.
std::optional<CrmTask> crm_task(const PersonState& person, std::string_view id);
// The record of what was sent to CRMs. Null if nothing was.
const ShownTask* shown_task(const PersonState& person, std::string_view id);

// The steps that decide runs.
CrmTask crm_task_of(const PersonState& person, const Lead& lead, const Task& task);
std::optional<CrmTask> crm_handover_of(const PersonState& person, const Lead& lead);

}  // namespace baton
