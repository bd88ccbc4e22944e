#pragma once

#include <optional>
#include <vector>

#include "gateway/app/common/store_time.h"
#include "gateway/app/engine/engine_thread.h"

namespace baton {

// A thread that waits until something is due by the store's clock. It sleeps until the earliest due
// time that it knows, and then reads the store. A thread that sets an earlier due time reports it
// to the alarm.
class DueWorker : public EngineThread {
 protected:
  DueWorker(const EngineParts& parts, EngineWakeup::Due& wake)
      : EngineThread(parts, wake.signal), wake_(wake), time_(*parts.node.clock) {}

  // Processes what is due. Returns true if more may be due already.
  virtual bool due_step(const std::vector<PartitionId>& served) = 0;

  // Reads the store: `ask` makes the call and returns a DueList.
  template <class Ask>
  auto ask(Ask ask) {
    wake_.alarm.clear();  // due times that are reported from now on are kept
    auto due = ask();
    if (!due) {
      failed(due.error());
      return due;
    }
    well();
    time_.set(due->now);
    if (due->next) wake_.alarm.note(*due->next);
    return due;
  }

 private:
  bool step(const std::vector<PartitionId>& served) final;
  std::int64_t sleep_ns() final { return time_.ns_until(wake_.alarm.earliest(), longest_sleep()); }

  EngineWakeup::Due& wake_;
  StoreTime time_;
  bool more_ = false;  // of the last round
};

// Whether more may be due than the list contains: the list, or the share of one partition, has its
// maximal length.
template <class T>
bool was_cut(const DueList<T>& due, std::size_t limit) {
  if (due.items.size() >= limit) return true;
  std::vector<std::uint16_t> of(1024);
  for (const auto& item : due.items) {
    if (++of[item.partition] >= Store::kMaxDue) return true;
  }
  return false;
}

}  // namespace baton
