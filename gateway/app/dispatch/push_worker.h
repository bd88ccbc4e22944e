#pragma once

#include <map>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include "gateway/app/common/store_time.h"
#include "gateway/app/dispatch/dispatcher_options.h"
#include "gateway/app/dispatch/feedback_poll.h"
#include "gateway/app/dispatch/inbox.h"
#include "gateway/app/dispatch/lane.h"
#include "gateway/app/dispatch/ports.h"
#include "gateway/app/dispatch/task_worker.h"

namespace baton {

// Pushes the newest versions of persons to one CRM. Runs on one thread, which also polls the CRM
// for feedback and sends its tasks. Answers arrive through the inbox.
class PushWorker {
 public:
  PushWorker(std::shared_ptr<const Crm> crm, std::shared_ptr<Inbox> inbox,
             const DispatcherPorts& ports, const DispatcherOptions& options, const Clock& clock);
  void run();  // returns when the inbox is stopped and all answers have arrived, or after the grace
               // period

 private:
  struct Item {
    PushEntry entry;
    CrmRecord record;
  };
  struct Flight {
    std::vector<Item> items;
    CrmCall call;
    Instant sent_at;
  };
  bool connect();
  Duration look();  // pushes, sends tasks, polls; returns how long to sleep
  Duration push();
  Status send_due(const DueList<PushEntry>& due);
  bool send(std::vector<Item> items);  // false: the lane is full or held
  void read_back_first(Item item);
  void answered(const std::shared_ptr<Flight>& flight, const HttpResult& result);
  void read_back_answered(const Item& item, const HttpResult& result);
  // `not_before`: no other version may be sent earlier.
  void finish(const Item& item, const Outcome& outcome, Instant not_before);
  void observe(const std::vector<Item>& items);
  void done(const Item& item, const std::string& ref);
  void superseded(const PushEntry& entry);
  void write_results();
  void retry(const Item& item, Instant at);
  void dead_letter(const Item& item, const Outcome& outcome);
  void check(const Status& status, const char* what);
  std::vector<Item> matched(std::vector<PushEntry> entries, std::vector<CrmRecord> records);

  std::shared_ptr<const Crm> crm_;
  std::shared_ptr<Inbox> inbox_;
  Connections& connections_;
  const PartitionLeases& leases_;
  RecordSource& records_;
  OutcomeSink& outcomes_;
  const DispatcherOptions& options_;
  const Clock& clock_;
  Lane lane_;
  StoreTime time_;
  std::unique_ptr<FeedbackPoll> poll_;  // nullptr: the CRM cannot be polled
  std::unique_ptr<TaskWorker> tasks_;   // nullptr: the CRM shows no tasks
  std::unique_ptr<Store> store_;
  std::unique_ptr<HttpClient> http_;
  std::set<std::string> flying_;  // persons
  std::set<std::string>
      alone_;  // persons whose record made a batch fail, or that an answer did not mention
  // Results that write_results() writes.
  std::vector<PushDone> done_;
  std::vector<Retry> retries_;
  std::vector<std::pair<std::string, std::string>> delivered_;  // person, ref
  bool written_ = true;  // false: the store did not accept a result; read again soon
};

}  // namespace baton
