#pragma once

#include <memory>
#include <set>
#include <string>

#include "gateway/app/common/store_time.h"
#include "gateway/app/dispatch/inbox.h"
#include "gateway/app/dispatch/outbox_recorder.h"
#include "gateway/app/dispatch/ports.h"
#include "gateway/platform/clock.h"

namespace baton {

// Stage of the OutboxWorker that sends notifications, and passes the results to the recorder.
// Answers arrive through the inbox, on the thread of the worker. Not thread-safe.
class SendStage {
 public:
  SendStage(std::shared_ptr<Inbox> inbox, const PartitionLeases& leases, OutboxRecorder& recorder,
            ReadSchedule& schedule, const StoreTime& time, const Clock& clock)
      : inbox_(std::move(inbox)),
        leases_(leases),
        recorder_(recorder),
        schedule_(schedule),
        time_(time),
        clock_(clock) {}

  // Sends nothing if this node lost a lease, or if the channel has no room. The entries stay due.
  void send(Notification notification);
  // The ids of the entries that are in flight.
  const std::set<std::string>& in_flight() const { return in_flight_; }

 private:
  void answered(const Notification& notification, const NotifyResult& result);
  void restore_put_off(Channel& channel);

  std::shared_ptr<Inbox> inbox_;
  const PartitionLeases& leases_;
  OutboxRecorder& recorder_;
  ReadSchedule& schedule_;
  const StoreTime& time_;
  const Clock& clock_;
  std::set<std::string> in_flight_;
};

}  // namespace baton
