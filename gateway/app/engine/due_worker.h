#pragma once

#include <optional>
#include <vector>

#include "gateway/app/common/store_time.h"
#include "gateway/app/engine/engine_thread.h"

namespace baton {

// A thread that waits for what falls due by the store's clock. It asks the store when the first of
// what it knows of is due, and sleeps in between; who sets something earlier tells its alarm.
class DueWorker : public EngineThread {
 protected:
  DueWorker(const EngineParts& parts, EngineWakeup::Due& wake)
      : EngineThread(parts, wake.signal), wake_(wake), time_(*parts.node.clock) {}

  // Works off what is due. True where there may be more that is due already.
  virtual bool due_step(const std::vector<PartitionId>& served) = 0;

  // One question to the store, `ask` being a call of it that answers a DueList.
  template <class Ask>
  auto ask(Ask ask) {
    wake_.alarm.clear();  // what is told from here on is kept
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
  bool more_ = false;  // what the last round said
};

// Whether more may be due than the list gives: it was as long as it may be, or one partition's
// share of it was.
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
