#pragma once

#include <map>
#include <mutex>
#include <optional>
#include <vector>

#include "gateway/app/dispatch/ports.h"
#include "gateway/platform/clock.h"

namespace baton {

// The leases on partitions that this node holds. They expire by the steady clock, because a node
// that was suspended cannot know otherwise that they did. Thread-safe.
class Leases final : public PartitionLeases {
 public:
  explicit Leases(const Clock& clock = system_clock()) : clock_(clock) {}

  std::vector<PartitionId> held() const override;
  bool holds(PartitionId partition) const override;
  // A day if no other node held the partition since the start.
  Duration since_taken_over(PartitionId partition) const override;
  // Whether this node's last request for leases succeeded, and they have not expired. Partitions
  // that it does not hold then belong to other nodes.
  bool known() const;
  // `until` is of the steady clock.
  void set_held(std::vector<PartitionId> partitions, Instant until);

 private:
  bool valid() const { return held_until_ && steady_now(clock_) < *held_until_; }

  const Clock& clock_;
  mutable std::mutex mutex_;
  std::vector<PartitionId> held_;
  std::optional<Instant> held_until_;
  std::map<PartitionId, Instant> taken_over_;
};

}  // namespace baton
