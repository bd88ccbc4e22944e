#pragma once

#include <memory>
#include <utility>
#include <vector>

#include "gateway/app/engine/due_worker.h"
#include "gateway/app/workers/pool_assigner.h"

namespace baton {

// Answers requests for owners, and updates the pools when leads change. One thread serves all
// partitions, because the picks of a pool are committed to one document, and concurrent picks would
// conflict.
class OwnerWorker final : public DueWorker {
 public:
  OwnerWorker(const EngineParts& parts, EngineWakeup::Due& wake) : DueWorker(parts, wake) {}
  ~OwnerWorker() override { join(); }

 private:
  template <class T>
  using Opened = std::vector<std::pair<T, OutboxEntry>>;

  void opened(Store& store) override;
  bool due_step(const std::vector<PartitionId>& served) override;
  Result<DueList<OutboxEntry>> due_of_both(const std::vector<PartitionId>& served, bool& cut);
  // Both return false if they must be tried again.
  bool learn(std::vector<OutboxEntry> entries, Instant now);
  bool answer(std::vector<OutboxEntry> entries, Instant now);
  template <class T, class Read>
  Result<Opened<T>> open(std::vector<OutboxEntry> entries, Read read);
  template <class T, class Read>
  Result<T> open_one(const OutboxEntry& entry, const Document& document, Read read) const;

  std::unique_ptr<PoolAssigner> pools_;
};

}  // namespace baton
