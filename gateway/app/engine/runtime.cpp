#include "gateway/app/engine/runtime.h"

#include <algorithm>

namespace baton {

const Source* Runtime::source(std::string_view name) const {
  for (const auto& source : sources) {
    if (source->name() == name) return source.get();
  }
  return nullptr;
}

std::vector<PartitionId> Runtime::held() const {
  const std::lock_guard lock(held_mutex_);
  if (!held_until_ || steady_now(*clock) >= *held_until_) return {};
  return held_;
}

bool Runtime::holds(PartitionId partition) const {
  const std::lock_guard lock(held_mutex_);
  if (!held_until_ || steady_now(*clock) >= *held_until_) return false;
  return std::find(held_.begin(), held_.end(), partition) != held_.end();
}

void Runtime::set_held(std::vector<PartitionId> partitions, Instant until) {
  const std::lock_guard lock(held_mutex_);
  for (const PartitionId partition : partitions) {
    const bool had = std::find(held_.begin(), held_.end(), partition) != held_.end();
    if (held_until_ && !had) taken_over_[partition] = steady_now(*clock);
  }
  held_ = std::move(partitions);
  held_until_ = until;
}

Duration Runtime::since_taken_over(PartitionId partition) const {
  const std::lock_guard lock(held_mutex_);
  const auto taken = taken_over_.find(partition);
  return taken == taken_over_.end() ? hours(24) : steady_now(*clock) - taken->second;
}

bool Runtime::leases_known() const {
  const std::lock_guard lock(held_mutex_);
  return held_until_ && steady_now(*clock) < *held_until_;
}

}  // namespace baton
