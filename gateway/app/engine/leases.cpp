#include "gateway/app/engine/leases.h"

#include <algorithm>

namespace baton {

std::vector<PartitionId> Leases::held() const {
  const std::lock_guard lock(mutex_);
  if (!valid()) return {};
  return held_;
}

bool Leases::holds(PartitionId partition) const {
  const std::lock_guard lock(mutex_);
  return valid() && std::find(held_.begin(), held_.end(), partition) != held_.end();
}

Duration Leases::since_taken_over(PartitionId partition) const {
  const std::lock_guard lock(mutex_);
  const auto taken = taken_over_.find(partition);
  return taken == taken_over_.end() ? hours(24) : steady_now(clock_) - taken->second;
}

bool Leases::known() const {
  const std::lock_guard lock(mutex_);
  return valid();
}

void Leases::set_held(std::vector<PartitionId> partitions, Instant until) {
  const std::lock_guard lock(mutex_);
  for (const PartitionId partition : partitions) {
    const bool had = std::find(held_.begin(), held_.end(), partition) != held_.end();
    if (held_until_ && !had) taken_over_[partition] = steady_now(clock_);
  }
  held_ = std::move(partitions);
  held_until_ = until;
}

}  // namespace baton
