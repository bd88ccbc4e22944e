#pragma once

#include <optional>
#include <set>
#include <span>
#include <string>
#include <vector>

#include "gateway/app/common/store_time.h"
#include "gateway/app/dispatch/channel_set.h"
#include "gateway/app/dispatch/outbox_recorder.h"
#include "gateway/app/dispatch/ports.h"

namespace baton {

// Stage of the OutboxWorker that prepares the messages of entries. Passes on the messages that can
// be sent now. Records the others: finished if superseded, postponed if too early, a dead letter if
// the message cannot be prepared or its channel refuses it.
class PrepareStage {
 public:
  struct Prepared {
    OutboxEntry entry;
    Channel* channel;
    Message message;
    std::optional<OutgoingGroup> group;
  };

  PrepareStage(MessageSource& messages, const PartitionLeases& leases, ChannelSet& channels,
               OutboxRecorder& recorder, const StoreTime& time)
      : messages_(messages),
        leases_(leases),
        channels_(channels),
        recorder_(recorder),
        time_(time) {}

  // Nothing if there was nothing to prepare, or if the store failed. Skips entries that are in
  // flight (ids), and those of partitions that this node does not hold.
  std::optional<std::vector<Prepared>> pass(std::span<const OutboxEntry> due,
                                            const std::set<std::string>& in_flight);

 private:
  std::optional<Prepared> prepare(const OutboxEntry& entry,
                                  Result<std::optional<OutgoingMessage>>& outgoing);

  MessageSource& messages_;
  const PartitionLeases& leases_;
  ChannelSet& channels_;
  OutboxRecorder& recorder_;
  const StoreTime& time_;
};

}  // namespace baton
