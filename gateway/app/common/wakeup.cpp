#include "gateway/app/common/wakeup.h"

#include <bit>
#include <chrono>

namespace baton {

void Signal::raise() {
  if (raised_.exchange(true, std::memory_order_acq_rel)) return;
  const std::lock_guard lock(mutex_);
  condition_.notify_one();
}

bool Signal::wait_ns(std::int64_t at_most) {
  std::unique_lock lock(mutex_);
  condition_.wait_for(lock, std::chrono::nanoseconds(at_most),
                      [this] { return raised_.load(std::memory_order_acquire); });
  return raised_.exchange(false, std::memory_order_acq_rel);
}

void PartitionSet::add(PartitionId partition) {
  auto& word = bits_[partition / 64 % bits_.size()];
  const std::uint64_t bit = 1ULL << (partition % 64);
  if ((word.load(std::memory_order_relaxed) & bit) == 0)
    word.fetch_or(bit, std::memory_order_release);
}

std::vector<PartitionId> PartitionSet::take() {
  std::vector<PartitionId> taken;
  for (std::size_t i = 0; i < bits_.size(); ++i) {
    if (bits_[i].load(std::memory_order_relaxed) == 0) continue;
    for (std::uint64_t word = bits_[i].exchange(0, std::memory_order_acquire); word != 0;
         word &= word - 1) {
      taken.push_back(
          static_cast<PartitionId>(i * 64 + static_cast<std::size_t>(std::countr_zero(word))));
    }
  }
  return taken;
}

bool Alarm::note(Instant due) {
  std::int64_t known = earliest_.load(std::memory_order_acquire);
  while (due.ms < known) {
    if (earliest_.compare_exchange_weak(known, due.ms, std::memory_order_acq_rel)) return true;
  }
  return false;
}

void Alarm::tell(Instant due) {
  if (note(due) && signal_ != nullptr) signal_->raise();
}

EngineWakeup::EngineWakeup(std::size_t threads) {
  for (std::size_t i = 0; i < threads; ++i) {
    intake_.push_back(std::make_unique<Intake>());
    clocks_.push_back(std::make_unique<Due>());
  }
}

void EngineWakeup::intake(PartitionId partition) {
  auto& intake = *intake_[partition % intake_.size()];
  intake.waiting.add(partition);
  intake.signal.raise();
}

void EngineWakeup::timer(PartitionId partition, Instant due) {
  clocks_[partition % clocks_.size()]->alarm.tell(due);
}

void EngineWakeup::owner(Instant due) { owners_.alarm.tell(due); }

void EngineWakeup::all() {
  for (auto& intake : intake_) {
    intake->look.store(true);
    intake->signal.raise();
  }
  for (auto& clocks : clocks_) {
    clocks->look.store(true);
    clocks->signal.raise();
  }
  owners_.look.store(true);
  owners_.signal.raise();
}

}  // namespace baton
