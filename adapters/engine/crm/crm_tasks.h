#pragma once

#include <optional>
#include <string>

#include "adapters/engine/crm/crm.h"

namespace baton {

struct CrmPlan;

// Work for people, shown as tasks in a CRM.

// The current state of one task. In addition to the person's values (crm.h), `person.view` has
//   task.{key,kind,state,subject,body,due,opened,channel,step}, task.owner.{id,name,email}
// `state` is open, done or cancelled.
struct TaskRecord {
  CrmRecord person;
  std::string key;  // Baton's permanent key
  std::string ref;  // the task's id in the CRM; "": unknown
};

enum class TaskCall { kCreate, kUpdate, kFind };

// Pure and thread-safe.
class CrmTasks {
 public:
  virtual ~CrmTasks() = default;
  // Returns how a create can be repeated safely: by its key, after find(), or not at all.
  // Time after the deadline of a create until find() is sure to see the task.
  virtual Repeat repeat() const = 0;
  // Time after the deadline of a create until find() is sure to see the task.
  virtual Duration settles() const = 0;
  // Whether creating a task needs the person's id in the CRM.
  virtual bool needs_person() const = 0;
  // kFind requires repeat() == kReadable, kUpdate requires a ref.
  virtual HttpRequest render(TaskCall call, const TaskRecord& task) const = 0;
  // kOk with the ref: the task exists. kOkNoop: it was deleted in the CRM, and stays deleted. For
  // kFind, kPermanentData means that it does not exist.
  virtual Outcome interpret(TaskCall call, const TaskRecord& task,
                            const HttpResult& result) const = 0;
};

// Returns how to show tasks in a declared CRM. The plan must outlive it.
std::unique_ptr<const CrmTasks> make_declared_tasks(const CrmPlan& plan);

}  // namespace baton
