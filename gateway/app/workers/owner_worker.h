#pragma once

#include <memory>
#include <utility>
#include <vector>

#include "gateway/app/engine/due_worker.h"
#include "gateway/app/workers/pool_assigner.h"

namespace baton {

// Answers requests for owners, and tells the pools what became of leads. One thread for all
// partitions: the picks of a pool go into one document, and two at once would only get in each
// other's way.
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
  // False where it has to be tried again.
  bool learn(std::vector<OutboxEntry> entries, Instant now);
  bool answer(std::vector<OutboxEntry> entries, Instant now);
  template <class T, class Read>
  Result<Opened<T>> open(std::vector<OutboxEntry> entries, Read read);
  template <class T, class Read>
  Result<T> open_one(const OutboxEntry& entry, const Document& document, Read read) const;

  std::unique_ptr<PoolAssigner> pools_;
};

}  // namespace baton
