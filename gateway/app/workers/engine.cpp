#include "gateway/app/workers/engine.h"

#include "gateway/app/workers/clock_worker.h"
#include "gateway/app/workers/intake_worker.h"
#include "gateway/app/workers/owner_worker.h"

namespace baton {
namespace {

void deal(const std::vector<PartitionId>& partitions, bool alone,
          std::vector<std::unique_ptr<EngineThread>>& among) {
  std::vector<std::vector<PartitionId>> shares(among.size());
  for (const PartitionId partition : partitions)
    shares[partition % shares.size()].push_back(partition);
  for (std::size_t i = 0; i < among.size(); ++i) among[i]->serve(std::move(shares[i]), alone);
}

}  // namespace

Engine::Engine(const EngineParts& parts, ClockHealth& health)
    : wake_(*parts.applier.signals.engine) {
  for (std::size_t i = 0; i < wake_.threads(); ++i) {
    all_.push_back(
        clocks_.emplace_back(std::make_unique<ClockWorker>(parts, health, wake_.clocks_of(i)))
            .get());
    all_.push_back(
        intake_.emplace_back(std::make_unique<IntakeWorker>(parts, wake_.intake_of(i))).get());
  }
  owners_ = std::make_unique<OwnerWorker>(parts, wake_.owners());
  all_.push_back(owners_.get());
}

void Engine::start() {
  for (auto* thread : all_) thread->start();
}

void Engine::serve(const std::vector<PartitionId>& partitions, bool alone) {
  deal(partitions, alone, clocks_);
  deal(partitions, alone, intake_);
  owners_->serve(partitions, alone);
  wake_.all();
}

void Engine::pause() {
  for (auto* thread : all_) thread->pause();
}

void Engine::resume() {
  for (auto* thread : all_) thread->resume();
}

void Engine::join() {
  for (auto* thread : all_) thread->join();
}

}  // namespace baton
