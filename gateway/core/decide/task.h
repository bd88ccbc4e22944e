#pragma once

#include "gateway/core/decision/decision_context.h"

namespace baton {

// Tasks of reps and SDRs.

struct TaskWish {
  TaskKind kind = TaskKind::kQualify;
  RepId owner;
  std::string team, channel;
  int step = 0;
  Instant due;
  bool tell = true;          // send a message when the task is due; false if another one says so
  std::string blocked = {};  // why the task may not be done yet; "" if it may
};

// Adds a task to the open lead. A task that is due already begins at once.
Task& add_task(DecisionContext& s, TaskWish wish);

// Closes a task with its result and stops its clocks. `by`: the evidence or reason.
void close_task(DecisionContext& s, Task& task, TaskState state, std::string_view result,
                Instant at, std::string_view by);

// The newest task of this kind that is still to be done; nullptr if there is none.
Task* open_task(Lead& lead, TaskKind kind);

// The instant at which the rep has worked for `after` since `from`, by the rep's calendar.
Instant working_later(const DecisionContext& s, const RepId& rep, Instant from, Duration after);

// After every event: opens and closes tasks and decides again whether calls are allowed.
void reconcile_work(DecisionContext& s, const Activity& activity);

// Closes the tasks and meetings of an episode that has ended.
void drop_work(DecisionContext& s, std::string_view why);

// A task is due. Returns false if the timer is out of date.
bool task_due(DecisionContext& s, std::string_view task, Instant due);

// An SDR answers whether a lead fits. Needs an open lead.
void decide_task(DecisionContext& s, const SalesFeedback& f, const TaskAnswer& said, Instant at);

}  // namespace baton
