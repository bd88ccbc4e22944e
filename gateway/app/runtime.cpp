#include "gateway/app/runtime.h"

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
  held_ = std::move(partitions);
  held_until_ = until;
}

bool Runtime::leases_known() const {
  const std::lock_guard lock(held_mutex_);
  return held_until_ && steady_now(*clock) < *held_until_;
}

}  // namespace baton
