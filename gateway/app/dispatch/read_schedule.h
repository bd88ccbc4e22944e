#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "gateway/app/common/store_time.h"
#include "gateway/app/dispatch/channel_set.h"
#include "gateway/app/dispatch/dispatcher_options.h"
#include "gateway/app/dispatch/urgency_queue.h"
#include "gateway/platform/clock.h"
#include "gateway/store/store.h"

namespace baton {

// First stage of the OutboxWorker: reads the entries that are due, and decides when to read again.
// If many messages are due, a read costs more than sending some of them. Therefore a read follows
// only if it can find something new, and takes at most a fifth of the time. Not thread-safe.
class ReadSchedule {
 public:
  ReadSchedule(const DispatcherOptions& options, const Clock& clock, StoreTime& time)
      : options_(options), clock_(clock), time_(time) {}

  // The entries that are due, or nothing if the store fails. `in_flight` entries are due, too, and
  // are read in addition.
  std::optional<std::vector<OutboxEntry>> read(Store& store,
                                               std::span<const PartitionId> partitions,
                                               std::size_t in_flight);
  // The entries of the last read are processed.
  void processed();
  // How long to wait until the next read.
  Duration rest(const UrgencyQueue& queue, const ChannelSet& channels, std::size_t in_flight) const;

  // Something new may be due.
  void note_change() { changed_ = true; }
  // An entry falls due at that time.
  void note_due(Instant at) {
    if (!next_ || at < *next_) next_ = at;
  }
  // The next read is to return all members of a group.
  void widen() { wide_ = true; }
  // The last read did not return all entries that are due.
  bool crowded() const { return crowded_; }
  // The same, and a wide read would return more.
  bool crowded_narrow() const { return crowded_ && !was_wide_; }

 private:
  bool has_idle_channel(const UrgencyQueue& queue, const ChannelSet& channels) const;

  const DispatcherOptions& options_;
  const Clock& clock_;
  StoreTime& time_;
  bool changed_ = true;  // since the last read
  bool crowded_ = false;
  bool wide_ = false;
  bool was_wide_ = false;
  std::optional<Instant> next_;           // when the next entry falls due that was not read
  std::int64_t began_ = 0;                // steady, ns
  std::int64_t read_at_ = INT64_MIN / 2;  // steady, ns
  std::int64_t read_took_ = 0;            // ns
};

}  // namespace baton
