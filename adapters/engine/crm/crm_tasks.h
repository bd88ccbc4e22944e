#pragma once

#include <optional>
#include <string>

#include "adapters/engine/crm/crm.h"

namespace baton {

// What people have to do, shown in a CRM as its own tasks.

// One task as it is today. `person.view` has besides the person's own (crm.h)
//   task.{key,kind,state,subject,body,due,opened,channel,step}, task.owner.{id,name,email}
// `state` is open, done or cancelled.
struct TaskRecord {
  CrmRecord person;
  std::string key;  // Baton's: the same for ever
  std::string ref;  // its id over there; "" : not known
};

enum class TaskCall { kCreate, kUpdate, kFind };

// Pure and thread-safe.
class CrmTasks {
 public:
  virtual ~CrmTasks() = default;
  // What a create may be repeated on: its key, what find() says, or nothing.
  virtual Repeat repeat() const = 0;
  // Behind the deadline of a create, until find() surely sees what it made.
  virtual Duration settles() const = 0;
  // Whether a task is made with the person's id over there, so that it has to be known.
  virtual bool needs_person() const = 0;
  // kFind only where repeat() is kReadable, kUpdate only with a ref.
  virtual HttpRequest render(TaskCall call, const TaskRecord& task) const = 0;
  // kOk with the ref: it is there now. kOkNoop: it has gone over there, and stays so. Of kFind,
  // kPermanentData: there is none.
  virtual Outcome interpret(TaskCall call, const TaskRecord& task,
                            const HttpResult& result) const = 0;
};

// Runs the examples of an adapter's part `tasks`; every difference is a finding.
Findings run_task_examples(const YamlDocument& spec, std::size_t& examples_run);

}  // namespace baton
