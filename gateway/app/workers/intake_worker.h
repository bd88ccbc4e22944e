#pragma once

#include <memory>
#include <vector>

#include "gateway/app/engine/engine_thread.h"
#include "gateway/app/workers/intake_reader.h"

namespace baton {

// Turns stored deliveries into committed decisions. The next read of a partition removes its
// finished entries, in the same round trip. If that read never comes, the entries are processed
// again without effect, because touches that were applied are refused.
class IntakeWorker final : public EngineThread {
 public:
  IntakeWorker(const EngineParts& parts, EngineWakeup::Intake& wake)
      : EngineThread(parts, wake.signal), wake_(wake) {}
  ~IntakeWorker() override { join(); }

 private:
  void opened(Store& store) override {
    reader_ = std::make_unique<IntakeReader>(parts_.applier, store);
  }
  bool step(const std::vector<PartitionId>& served) override;
  std::int64_t sleep_ns() override;
  void wind_up() override;

  std::vector<PartitionId> to_ask(const std::vector<PartitionId>& served);
  bool finish(std::vector<IntakeReader::Read>& reads);

  EngineWakeup::Intake& wake_;
  std::unique_ptr<IntakeReader> reader_;
  std::vector<EntryRef> finished_;  // removed by the next read
};

}  // namespace baton
