#pragma once

#include "gateway/app/engine/due_worker.h"

namespace baton {

// Fires clocks. They are promises with a due time, so they have threads of their own: no batch of
// deliveries stands in front of them.
class ClockWorker final : public DueWorker {
 public:
  ClockWorker(const EngineParts& parts, ClockHealth& health, EngineWakeup::Due& wake)
      : DueWorker(parts, wake), health_(health) {}
  ~ClockWorker() override { join(); }

 private:
  // Redis alone judges what is due. Where its clock and that of this machine are far apart, one of
  // them was set wrongly, and firing would start hours early or break in the past: SLA clocks wait.
  bool clocks_agree(Instant store_now);
  void opened(Store&) override {}
  bool due_step(const std::vector<PartitionId>& served) override;

  ClockHealth& health_;
  bool agree_ = true;
};

}  // namespace baton
