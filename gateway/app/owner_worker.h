#pragma once

#include <memory>
#include <vector>

#include "gateway/app/due_worker.h"
#include "gateway/app/pool_desk.h"

namespace baton {

// Answers requests for owners. One thread for all partitions: the picks of a pool go into one
// document, and two at once would only get in each other's way.
class OwnerWorker final : public DueWorker {
 public:
  OwnerWorker(Runtime& runtime, EngineWake::Due& wake) : DueWorker(runtime, wake) {}
  ~OwnerWorker() override { join(); }

 private:
  struct OpenRequests {
    std::vector<OwnerRequest> requests;
    std::vector<OutboxEntry> entries;   // of each request
  };
  void opened(Store& store) override { pools_ = std::make_unique<PoolDesk>(runtime_, store); }
  bool due_step(const std::vector<PartitionId>& served) override;
  Result<OpenRequests> open_requests(std::vector<OutboxEntry> entries);
  Result<OwnerRequest> open_request(const OutboxEntry& entry, const Document& document) const;

  std::unique_ptr<PoolDesk> pools_;
};

}  // namespace baton
