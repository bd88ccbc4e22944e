#pragma once

#include "gateway/app/due_worker.h"

namespace baton {

// Fires clocks. They are promises with a due time, so they have threads of their own: no batch of
// deliveries stands in front of them.
class ClockWorker final : public DueWorker {
 public:
  ClockWorker(Runtime& runtime, EngineWake::Due& wake) : DueWorker(runtime, wake) {}
  ~ClockWorker() override { join(); }

 private:
  void opened(Store&) override {}
  bool due_step(const std::vector<PartitionId>& served) override;
};

}  // namespace baton
