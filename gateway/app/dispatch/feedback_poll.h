#pragma once

#include <map>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include "adapters/engine/crm/crm_feedback.h"
#include "gateway/app/common/store_time.h"
#include "gateway/app/dispatch/dispatcher_options.h"
#include "gateway/app/dispatch/inbox.h"
#include "gateway/app/dispatch/lane.h"
#include "gateway/app/dispatch/ports.h"

namespace baton {

// Polls one CRM for what the sales team did to the persons of this node. Persons with a running
// contact clock come first and most often. A call asks about as many persons as the CRM allows.
// Reads share the calls in flight, pauses and budget of the destination with pushes, and leave one
// place to the pushes. Reads have their own breaker, because a CRM may refuse reads and accept
// pushes. Runs on the thread of the PushWorker.
class FeedbackPoll {
 public:
  FeedbackPoll(std::shared_ptr<const Crm> crm, std::shared_ptr<Inbox> inbox,
               const PartitionLeases& leases, FeedbackSink& sink, const DispatcherOptions& options,
               Lane& lane, StoreTime& time);
  // Polls for the persons that are due. Returns when to look again.
  Duration look(Store& store, HttpClient& http);

 private:
  struct Item {
    PushEntry entry;
    PollTarget person;
  };
  struct Flight {
    std::vector<Item> items;
    CrmCall call;
    Instant sent_at;
    FeedbackAnswer answer = {};
    std::unique_ptr<FeedbackFollow> follow = {};  // further questions about the answer
    std::optional<HttpRequest> question = {};  // the next of them, if there is no room for it yet
  };
  // False: not all persons that are due could be polled.
  bool poll_queue(Store& store, HttpClient& http, FeedbackQueue queue);
  std::vector<Item> still_queued(std::vector<PushEntry> entries, FeedbackQueue queue);
  bool send(HttpClient& http, std::vector<Item> items);
  void answered(const std::shared_ptr<Flight>& flight, const HttpResult& result);
  void go_on(const std::shared_ptr<Flight>& flight);
  void followed(const std::shared_ptr<Flight>& flight, const HttpResult& result);
  void land(const Flight& flight, bool spoilt);
  void commit_touches(const Flight& flight);
  bool note(const HttpResult& result, const Outcome& outcome, std::size_t items);
  void note_follow(const HttpResult& result, const Outcome& outcome);
  void probe(HttpClient& http);
  void note_answer(Instant at);
  void write(Store& store);
  Instant next_at(Instant sent_at, Duration every) const;
  Duration every(const Item& item) const;

  const std::shared_ptr<const Crm> crm_;
  const CrmFeedback& feedback_;
  const std::shared_ptr<Inbox> inbox_;
  const PartitionLeases& leases_;
  FeedbackSink& sink_;
  const DispatcherOptions& options_;
  Lane& lane_;
  StoreTime& time_;
  const Duration tick_;  // looks happen at multiples of it, so that calls contain many persons
  Breaker breaker_;
  std::optional<Instant> next_look_, last_answer_, saved_;
  Instant quiet_since_;                          // since then no person was due and no answer came
  std::set<std::string> flying_;                 // persons
  std::set<std::string> alone_;                  // persons of a call that was refused as a whole
  std::vector<std::shared_ptr<Flight>> parked_;  // flights whose next question waits for room
  HttpClient* http_ = nullptr;                   // of the current look, and of answers after it
  bool follow_refused_ = false;
  std::map<std::string, std::set<std::size_t>> seen_;  // person -> hashes of committed touches
  std::vector<Retry> retries_;
  std::vector<PushDone> done_;
  bool probing_ = false;
};

}  // namespace baton
