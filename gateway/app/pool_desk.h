#pragma once

#include <span>
#include <string>
#include <vector>

#include "gateway/app/runtime.h"
#include "gateway/core/pool.h"

namespace baton {

// Commits picks: load the pool document, answer every request of the batch, write pick, ledger entry
// and answer in one step. A repeated key gets the stored answer; a conflict picks again.
class PoolDesk {
 public:
  PoolDesk(Runtime& runtime, Store& store) : runtime_(runtime), store_(store) {}

  // One pick for each request, in order. Requests may be for several pools.
  std::vector<Result<Pick>> pick(std::span<const OwnerRequest> requests, Instant now);

 private:
  Status pick_in(const std::string& pool, std::span<const OwnerRequest> requests, const std::vector<std::size_t>& mine,
                 Instant now, std::vector<Result<Pick>>& picks);
  Status give_back_elsewhere(const OwnerRequest& request, Instant now);

  Runtime& runtime_;
  Store& store_;
};

}  // namespace baton
