#pragma once

#include <map>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include "adapters/engine/crm/crm_tasks.h"
#include "gateway/app/common/store_time.h"
#include "gateway/app/dispatch/dispatcher_options.h"
#include "gateway/app/dispatch/inbox.h"
#include "gateway/app/dispatch/lane.h"
#include "gateway/app/dispatch/ports.h"

namespace baton {

// Sends tasks to one CRM and creates each of them once. Runs on the thread of the PushWorker, and
// shares the calls in flight, pauses and budget of the destination with it. If the CRM accepts
// persons but refuses tasks, only the tasks are held back.
//
// A call sends the current state of the task, so the items of a task may be sent in any order. The
// first item creates the task. The others update it once its id in the CRM is known. If the CRM
// cannot recognise a repeated call by its key, the item is postponed beyond the deadline of the
// call before the call is made. If this process ends during the call, the next process finds an
// item with an attempt, and searches for the task before it creates one
// (docs/decisions/0019-tasks-made-once.md).
class TaskWorker {
 public:
  TaskWorker(std::shared_ptr<const Crm> crm, std::shared_ptr<Inbox> inbox,
             const PartitionLeases& leases, TaskSource& source, const DispatcherOptions& options,
             Lane& lane, StoreTime& time);
  // Sends the items that are due. Returns when to look again.
  Duration look(Store& store, HttpClient* http);
  void write(Store& store);  // results of calls
  bool idle() const { return flying_.empty(); }

 private:
  struct Item {
    OutboxEntry entry;
    OutgoingTask task;
    bool known = false;     // its id in the CRM was known before the call
    bool clean = true;      // no earlier call can have created it
    bool searched = false;  // a search did not find it
    Instant sent_at = {};
  };
  // An item that waits until its person exists in the CRM. Kept in memory, because waiting is not
  // an attempt.
  struct Wait {
    Instant since, until;
  };
  std::vector<OutboxEntry> workable(std::vector<OutboxEntry> due);
  void begin(OutboxEntry entry, Result<std::optional<OutgoingTask>> task);
  void open(Item item);  // the CRM does not have the task, as far as is known
  void create(Item item);
  void wait_for_person(const OutboxEntry& entry);
  void send(TaskCall call, Item item);
  void observe(const Item& item);
  void answered(TaskCall call, Item item, const HttpResult& result);
  void found(Item item, const Outcome& outcome);
  void made(const Item& item, const Outcome& outcome);
  void failed(TaskCall call, const Item& item, const HttpResult& result, const Outcome& outcome);
  void note(const HttpResult& result, const Outcome& outcome);
  bool commit_result(const Item& item, EffectOutcome outcome);
  void give_up(const Item& item, const std::string& reason);
  void end(const OutboxEntry& entry, std::string_view outcome);
  void retry(const OutboxEntry& entry, Instant at);
  void dead_letter(const OutboxEntry& entry, const std::string& reason);
  bool held(const OutboxEntry& entry) const { return leases_.holds(entry.partition); }
  int tries(const OutboxEntry& entry) const;

  const std::shared_ptr<const Crm> crm_;
  const CrmTasks& tasks_;
  const std::shared_ptr<Inbox> inbox_;
  const PartitionLeases& leases_;
  TaskSource& source_;
  const DispatcherOptions& options_;
  Lane& lane_;
  StoreTime& time_;
  Breaker breaker_;         // opens when the CRM refuses tasks, but not persons
  Store* store_ = nullptr;  // of the current look, and of answers after it
  HttpClient* http_ = nullptr;
  std::set<std::string> flying_;  // tasks
  std::set<std::string>
      absent_;  // items whose every attempt was refused explicitly; nothing was created
  std::map<std::string, Wait> waiting_;  // items
  std::map<std::string, Instant>
      late_;  // tasks, with the time until which an unanswered update may still take effect
  std::vector<OutboxEntry> ended_;
  std::vector<Retry> retries_;
  bool written_ = true;
};

}  // namespace baton
