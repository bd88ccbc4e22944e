#pragma once

#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "adapters/engine/crm/crm.h"
#include "adapters/engine/crm/crm_tasks.h"
#include "adapters/engine/notify/notifier.h"
#include "gateway/app/dispatch/feedback_queue.h"
#include "gateway/core/model/event.h"
#include "gateway/store/store.h"

namespace baton {

// The interfaces through which the dispatcher uses the engine. Each worker gets only those that it
// needs. The dispatcher's threads call them concurrently: implementations are thread-safe.
//
// A call that returns Result<std::vector<Result<...>>> fails as a whole if the store fails. Its
// inner results are in the order of the entries. An inner result without a value means that the
// entry is superseded: it is finished without being sent.

// Opens the connections of a worker.
class Connections {
 public:
  virtual ~Connections() = default;
  virtual Result<std::unique_ptr<Store>> open_store() = 0;
  virtual std::unique_ptr<HttpClient> open_http(const HttpOptions& options) = 0;
  virtual std::unique_ptr<MailClient> open_mail(const MailOptions& options) = 0;
};

// The partitions that this node works on, which are those whose leases it holds.
class PartitionLeases {
 public:
  virtual ~PartitionLeases() = default;
  virtual std::vector<PartitionId> held() const = 0;
  // Workers check this again just before they send.
  virtual bool holds(PartitionId partition) const = 0;
  // The time since this node took the partition over from another node. The calls of the other node
  // may still be under way until their deadline, and must not overtake a newer version.
  virtual Duration since_taken_over(PartitionId partition) const = 0;
};

// Loads the records that are pushed to a CRM.
class RecordSource {
 public:
  virtual ~RecordSource() = default;
  // The newest versions of these persons, unsealed. Leaves out persons that no longer exist.
  virtual Result<std::vector<CrmRecord>> load_records(std::span<const PushEntry> entries) = 0;
};

// Messages of one group and channel are sent as one. The first message waits for `collect`. The
// next one is sent at least `window` after the last.
struct OutgoingGroup {
  std::string name;
  Duration window, collect;
};

// The message of an outbox entry of kind "notify".
struct OutgoingMessage {
  std::string channel;  // the notifier's name; "": superseded
  Message message;
  std::optional<Instant> not_before;   // the message is not sent earlier
  std::optional<OutgoingGroup> group;  // the message is sent together with others of the group
};

// Prepares the messages that are sent to the channels.
class MessageSource {
 public:
  virtual ~MessageSource() = default;
  virtual Result<std::vector<Result<std::optional<OutgoingMessage>>>> prepare_messages(
      std::span<const OutboxEntry> entries) = 0;
  // Makes one message of a group's messages. `late_by` is the time since it could first be sent.
  virtual Message combine_messages(std::span<const Message> messages, std::string key,
                                   Duration late_by) = 0;
  // Records a message for a channel in observe mode. It is not sent.
  virtual void record_dry_run(const OutboxEntry& entry, const std::string& channel,
                              const NotifyRequest& request) = 0;
};

// The task of an outbox entry of kind task_queue().
struct OutgoingTask {
  TaskRecord record;
  std::string shown;  // CrmTask::shown(), of the task in `record`
  bool is_open = false;
  bool creates = false;  // the entry is the first of the task
  bool unsure = false;   // an earlier attempt was given up, and its result is unknown
};

// Prepares the tasks that are sent to a CRM.
class TaskSource {
 public:
  virtual ~TaskSource() = default;
  virtual Result<std::vector<Result<std::optional<OutgoingTask>>>> prepare_tasks(
      std::span<const OutboxEntry> entries, const std::string& crm) = 0;
  // Commits the result of a task. Returns false if the commit failed.
  virtual bool commit_task_result(const DocKey& person, const EffectOutcome& outcome) = 0;
  // Records a task for a CRM in observe mode. It is not sent.
  virtual void record_dry_run(const OutboxEntry& entry, const std::string& crm,
                              const HttpRequest& request) = 0;
};

// A person about whom a CRM may be polled.
struct PollTarget {
  CrmRecord record;
  FeedbackQueue queue = FeedbackQueue::kNone;  // where the person belongs now
  bool slowly = false;
  Instant since;  // earlier touches concern another lead
};

// The touches of the sales team to one person, as a CRM reports them.
struct PersonFeedback {
  PersonId person;
  std::vector<Touch> touches;
};

// Connects the polling of CRMs with the engine.
class FeedbackSink {
 public:
  virtual ~FeedbackSink() = default;
  // Leaves out persons that no longer exist.
  virtual Result<std::vector<PollTarget>> load_poll_targets(std::span<const PushEntry> entries) = 0;
  // Commits the feedback. The result says for each person whether the commit succeeded.
  virtual std::vector<bool> commit_feedback(std::span<const PersonFeedback> feedback) = 0;
  // The CRM answered a poll at that instant.
  virtual void record_poll_answer(const std::string& crm, Instant at) = 0;
};

// The result of an effect, and the document that the effect belongs to.
struct EffectReport {
  DocKey key;
  EffectOutcome outcome;
};

// Receives results: delivered messages, ids that a CRM assigned, and effects that were given up.
class OutcomeSink {
 public:
  virtual ~OutcomeSink() = default;
  virtual void commit_outcomes(std::span<const EffectReport> reports) = 0;
};

// All of the above, for the dispatcher to hand out. They outlive it.
struct DispatcherPorts {
  Connections& connections;
  const PartitionLeases& leases;
  RecordSource& records;
  MessageSource& messages;
  TaskSource& tasks;
  FeedbackSink& feedback;
  OutcomeSink& outcomes;
};

}  // namespace baton
