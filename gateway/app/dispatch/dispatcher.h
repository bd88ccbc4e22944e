#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "adapters/engine/crm/crm.h"
#include "adapters/engine/crm/crm_tasks.h"
#include "adapters/engine/notify/notifier.h"
#include "gateway/app/dispatch/feedback_schedule.h"
#include "gateway/app/dispatch/retry.h"
#include "gateway/core/model/event.h"
#include "gateway/platform/clock.h"
#include "gateway/store/store.h"

namespace baton {

// Delivers what decisions want done outside: newest versions of persons and tasks to every CRM,
// messages to the channels. One thread a CRM and one for the messages, each with its own store
// connection, breaker, rate pause and budget of calls in flight: a dead destination delays no other
// one.
//
// Whatever becomes of an item is written to the store, so that a crash at any point leads to a
// repeat, never to a loss; repeats carry the same key. No item of a person is sent to a destination
// while another of its is in flight there.

struct DispatcherOptions {
  RetryPolicy retry;
  Breaker::Options breaker;
  std::size_t calls_in_flight = 4;      // a CRM; a channel has as many
  Duration grace = seconds(5);          // how long stop() waits for answers
  Duration longest_sleep = seconds(1);  // looks for due items at least this often
};

// Messages of the same group and channel go out as one: the first waits for `collect`, the next
// goes no earlier than `window` after the last.
struct OutgoingGroup {
  std::string name;
  Duration window, collect;
};

// What an outbox entry of kind "notify" turned into just before sending.
struct OutgoingMessage {
  std::string channel;  // notifier's name; "": nobody wants it (superseded)
  Message message;
  std::optional<Instant> not_before;   // it waits till then
  std::optional<OutgoingGroup> group;  // goes out with others of the group
};

// What an outbox entry of task_queue() turned into just before sending.
struct OutgoingTask {
  TaskRecord record;
  std::string shown;  // CrmTask::shown(): what the record says
  bool is_open = false;
  bool makes = false;   // the first of its items
  bool unsure = false;  // a try that nobody knows the end of was given up
};

// A person whom a CRM may be asked about.
struct AskedPerson {
  CrmRecord record;
  Asked how = Asked::kNo;
  bool slowly = false;
  Instant since;  // what happened before is about another lead
};
// What sales did to one person.
struct ToldPerson {
  std::string person;
  std::vector<Touch> touches;
};

// What became of an effect, and whose it was.
struct EffectTold {
  DocKey key;
  EffectOutcome outcome;
};

// What the dispatcher needs of the engine. Called from the dispatcher's threads, several at once.
struct DispatcherHooks {
  std::function<Result<std::unique_ptr<Store>>()> store;
  std::function<std::unique_ptr<HttpClient>(const HttpOptions&)> http;
  std::function<std::unique_ptr<MailClient>(const MailOptions&)> mail;
  // The partitions this node works on just now (leases).
  std::function<std::vector<PartitionId>()> partitions;
  // The lease, asked again just before sending. May be empty.
  std::function<bool(PartitionId)> holds;
  // How long ago another node gave the partition up: calls of its may be under way for their
  // deadline, and a newer version must not be overtaken by them. May be empty.
  std::function<Duration(PartitionId)> since_taken_over;
  // The newest versions of these persons, unsealed. A person who is gone is left out: superseded.
  std::function<Result<std::vector<CrmRecord>>(std::span<const PushEntry>)> snapshots;
  // For each entry its message. Nothing: superseded (the clock stopped meanwhile, the owner
  // changed). Fails as a whole where the store does.
  std::function<Result<std::vector<Result<std::optional<OutgoingMessage>>>>(
      std::span<const OutboxEntry>)>
      notices;
  // For each entry its task, for one CRM. Nothing: superseded. Fails as a whole where the store
  // does.
  std::function<Result<std::vector<Result<std::optional<OutgoingTask>>>>(
      std::span<const OutboxEntry>, const std::string& crm)>
      tasks;
  // Several messages of a group as one, with its key and how much later it goes out than it could
  // have.
  std::function<Message(std::span<const Message>, std::string key, Duration late_by)> combine;
  // A message that a channel in observe mode would have got. May be empty.
  std::function<void(const OutboxEntry&, const std::string& channel, const NotifyRequest&)>
      observed;
  // The same of a task. May be empty.
  std::function<void(const OutboxEntry&, const std::string& crm, const HttpRequest&)> observed_task;
  // What became of a task; false where that could not be written down. May be empty.
  std::function<bool(const DocKey& person, const EffectOutcome& outcome)> recorded;
  // Messages that reached their channel, records that got their id in a CRM, and what was given up.
  std::function<void(std::span<const EffectTold>)> outcomes;
  // How things stand with those whom a CRM is to be asked about; who is gone is left out.
  std::function<Result<std::vector<AskedPerson>>(std::span<const PushEntry>)> asked;
  // What the CRM told of them; for each, whether that has been taken up.
  std::function<std::vector<bool>(std::span<const ToldPerson>)> told;
  // The CRM answered what it was asked, then. May be empty.
  std::function<void(const std::string& crm, Instant at)> news;
};

class Dispatcher {
 public:
  Dispatcher(std::vector<std::shared_ptr<const Crm>> crms,
             std::vector<std::shared_ptr<const Notifier>> notifiers, DispatcherHooks hooks,
             DispatcherOptions options = {}, const Clock& clock = system_clock());
  ~Dispatcher();  // stops
  Dispatcher(const Dispatcher&) = delete;
  Dispatcher& operator=(const Dispatcher&) = delete;

  void start();
  // Something new is in the store: look now. Cheap; any thread.
  void notify();
  // Takes nothing new, waits for answers up to the grace, then ends the rest: it stays in the
  // store.
  void stop();

 private:
  class Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace baton
