#pragma once

#include "gateway/app/engine/due_worker.h"

namespace baton {

// Fires SLA clocks. It has its own threads, so that a clock never waits for a batch of deliveries.
class ClockWorker final : public DueWorker {
 public:
  ClockWorker(const EngineParts& parts, ClockHealth& health, EngineWakeup::Due& wake)
      : DueWorker(parts, wake), health_(health) {}
  ~ClockWorker() override { join(); }

 private:
  // Redis decides what is due. If its clock and this machine's clock are far apart, one of them is
  // wrong. Clocks could then fire hours early, or be breached in the past. Therefore SLA clocks
  // wait.
  bool clocks_agree(Instant store_now);
  void opened(Store&) override {}
  bool due_step(const std::vector<PartitionId>& served) override;

  ClockHealth& health_;
  bool agree_ = true;
};

}  // namespace baton
