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

// Brings the newest versions of persons to one CRM. Runs on one thread; only answers come from
// elsewhere, through the inbox.
class PushWorker {
 public:
  PushWorker(std::shared_ptr<const Crm> crm, std::shared_ptr<Inbox> inbox,
             const DispatcherPorts& ports, const DispatcherOptions& options, const Clock& clock);
  void run();  // until the inbox is stopped and answers are in, or the grace is over

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
  Duration look();  // pushes, then asks; answers how long to sleep
  Duration push();
  Status send_due(const DueList<PushEntry>& due);
  bool send(std::vector<Item> items);  // false: the lane is full or held
  void read_back_first(Item item);
  void answered(const std::shared_ptr<Flight>& flight, const HttpResult& result);
  void read_back_answered(const Item& item, const HttpResult& result);
  // `not_before`: no other version may go out earlier.
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
  std::unique_ptr<FeedbackPoll> poll_;  // where the CRM can be asked
  std::unique_ptr<TaskWorker> tasks_;   // where it takes tasks
  std::unique_ptr<Store> store_;
  std::unique_ptr<HttpClient> http_;
  std::set<std::string> flying_;  // persons
  std::set<std::string> alone_;   // persons whose record spoilt a batch, or went unmentioned in one
  // What became of calls, to be written down.
  std::vector<PushDone> done_;
  std::vector<Retry> retries_;
  std::vector<std::pair<std::string, std::string>> delivered_;  // person, ref
  bool written_ = true;  // false: the store was away for a result; look again soon
};

}  // namespace baton
