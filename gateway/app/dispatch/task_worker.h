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

// Brings tasks to one CRM, each made once. Runs on the thread of its PushWorker and shares the
// destination's places, pauses and budget with it; a configuration that lets persons in and tasks
// not holds up the tasks alone.
//
// What goes out is the task as it is then, so that items of one task may come in any order: the
// first item makes it, the others change it once its id over there is known. Where a repeat cannot
// be told by its key, the item is put off behind the call's deadline before the call goes out: if
// this process ends then, the next one finds an item that was tried, and asks before it makes
// anything (docs/decisions/0019-tasks-made-once.md).
class TaskWorker {
 public:
  TaskWorker(std::shared_ptr<const Crm> crm, std::shared_ptr<Inbox> inbox,
             const PartitionLeases& leases, TaskSource& source, const DispatcherOptions& options,
             Lane& lane, StoreTime& time);
  // Sends what is due; answers when to look again.
  Duration look(Store& store, HttpClient* http);
  void write(Store& store);  // what became of calls
  bool idle() const { return flying_.empty(); }

 private:
  struct Item {
    OutboxEntry entry;
    OutgoingTask task;
    bool known = false;     // its id over there was known before
    bool clean = true;      // until this call nothing was made
    bool searched = false;  // it was looked for, and is not there
    Instant sent_at = {};
  };
  // For the person to be over there; in memory, so that it does not count as a try.
  struct Wait {
    Instant since, until;
  };
  std::vector<OutboxEntry> workable(std::vector<OutboxEntry> due);
  void begin(OutboxEntry entry, Result<std::optional<OutgoingTask>> task);
  void open(Item item);  // it is not there yet, as far as is known
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
  Breaker breaker_;         // of refusals that are about tasks alone
  Store* store_ = nullptr;  // of the look under way, and of answers behind it
  HttpClient* http_ = nullptr;
  std::set<std::string> flying_;  // tasks
  std::set<std::string>
      absent_;  // items whose every try was refused in so many words: nothing was made
  std::map<std::string, Wait> waiting_;  // items
  std::map<std::string, Instant>
      late_;  // tasks: till when a change without an answer may still arrive
  std::vector<OutboxEntry> ended_;
  std::vector<Retry> retries_;
  bool written_ = true;
};

}  // namespace baton
