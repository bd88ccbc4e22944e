#pragma once

#include <memory>
#include <span>
#include <vector>

#include "gateway/app/common/store_time.h"
#include "gateway/app/dispatch/channel_set.h"
#include "gateway/app/dispatch/dispatcher_options.h"
#include "gateway/app/dispatch/group_stage.h"
#include "gateway/app/dispatch/inbox.h"
#include "gateway/app/dispatch/observe_stage.h"
#include "gateway/app/dispatch/outbox_recorder.h"
#include "gateway/app/dispatch/ports.h"
#include "gateway/app/dispatch/prepare_stage.h"
#include "gateway/app/dispatch/read_schedule.h"
#include "gateway/app/dispatch/send_stage.h"
#include "gateway/app/dispatch/urgency_queue.h"

namespace baton {

// Sends messages to the channels on one thread, as a pipeline of stages. Each stage passes on what
// remains for the next:
//
//   ReadSchedule -> UrgencyQueue -> PrepareStage -> GroupStage -> ObserveStage -> SendStage
//
// The stages report what became of entries to the OutboxRecorder. The urgency of a message is known
// once it was prepared. Therefore messages that are read for the first time are prepared before
// they are ordered.
class OutboxWorker {
 public:
  OutboxWorker(const std::vector<std::shared_ptr<const Notifier>>& notifiers,
               std::shared_ptr<Inbox> inbox, const DispatcherPorts& ports,
               const DispatcherOptions& options, const Clock& clock);
  // Returns when the inbox is stopped and all answers have arrived, or the grace period is over.
  void run();

 private:
  Duration run_round();  // returns how long to wait until the next one
  void read_and_send(std::span<const PartitionId> partitions);
  void send_waiting();
  void prepare_unknown(std::span<const OutboxEntry> unknown);
  std::vector<Notification> prepare(std::span<const OutboxEntry> entries);
  void send_or_wait(UrgencyQueue::Item item);
  Duration rest() const { return schedule_.rest(queue_, channels_, send_.in_flight().size()); }

  std::shared_ptr<Inbox> inbox_;
  Connections& connections_;
  const PartitionLeases& leases_;
  const DispatcherOptions& options_;
  const Clock& clock_;
  StoreTime time_;
  std::unique_ptr<Store> store_;
  ChannelSet channels_;
  ReadSchedule schedule_;
  OutboxRecorder recorder_;
  UrgencyQueue queue_;
  PrepareStage prepare_;
  GroupStage group_;
  ObserveStage observe_;
  SendStage send_;
};

}  // namespace baton
