#pragma once

#include <atomic>
#include <mutex>
#include <string>

#include "mapping/instant.h"

namespace baton {

// This node's knowledge of its store: whether deliveries may go straight to Redis or must go
// through the spool. The housekeeper and every failed intake write it; every delivery reads it.
// Instants are of the steady clock, so setting the wall clock back cannot keep deliveries on the
// spool.
class StoreState {
 public:
  static constexpr Duration kHealthyFor = seconds(5);  // before deliveries go to Redis again

  // Deliveries go to Redis only while it answers, is durable and has memory left.
  bool direct() const { return direct_.load(std::memory_order_relaxed); }

  // An intake failed or took too long.
  void failed(Instant now) {
    direct_.store(false, std::memory_order_relaxed);
    last_failure_.store(now.ms, std::memory_order_relaxed);
  }

  // The housekeeper's check. `problem` is empty if the store is healthy.
  void checked(Instant now, std::string problem) {
    const std::lock_guard lock(mutex_);
    problem_ = std::move(problem);
    if (!problem_.empty()) {
      failed(now);
    } else if (!direct() && (now.ms - last_failure_.load() >= kHealthyFor.ms || !ever_well_)) {
      direct_.store(true, std::memory_order_relaxed);
    }
    ever_well_ = ever_well_ || problem_.empty();
  }

  std::string problem() const {
    const std::lock_guard lock(mutex_);
    return problem_;
  }

 private:
  std::atomic<bool> direct_ = false;
  std::atomic<std::int64_t> last_failure_ = 0;
  mutable std::mutex mutex_;
  std::string problem_ = "not checked yet";
  bool ever_well_ = false;
};

}  // namespace baton
