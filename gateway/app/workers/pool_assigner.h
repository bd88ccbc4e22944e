#pragma once

#include <map>
#include <span>
#include <string>
#include <vector>

#include "gateway/app/engine/runtime.h"
#include "gateway/core/pool/pool.h"
#include "gateway/core/pool/pool_credit.h"

namespace baton {

// Commits picks: load the pool's document and those of the reps it may name, answer every request
// of the batch, write the reps' documents first and then the pool's with its ledger entry. Each
// write is guarded by the version that was read, so no cap is passed and no turn given twice,
// whoever else picks; an answer counts once the pool's document has it. A batch that meets a
// conflict, or was cut off in between, is answered anew, and what it had set down in the reps'
// documents is taken back by key. A repeated key gets the stored answer.
class PoolAssigner {
 public:
  PoolAssigner(Runtime& runtime, Store& store) : runtime_(runtime), store_(store) {}

  // One pick for each request, in order. Requests may be for several pools.
  std::vector<Result<Pick>> pick(std::span<const OwnerRequest> requests, Instant now);
  // Brings the reps' documents in line with the persons that changed, and gives turns back. Repeats
  // do no harm.
  Status learn(std::span<const PoolUpdate> notes, Instant now);

 private:
  Status pick_in(const std::string& turns, std::span<const OwnerRequest> requests,
                 const std::vector<std::size_t>& mine, Instant now,
                 std::vector<Result<Pick>>& picks);
  Status give_back_in(const std::string& pool, const Credit& credit, Instant now);
  Status learn_in(const std::string& turns, const std::vector<const PoolUpdate*>& notes,
                  Instant now);
  Status refresh(std::span<const PoolUpdate> notes, Instant now);
  Result<std::map<std::string, std::optional<LeadWork>>> look_at(
      const std::vector<std::string>& persons);

  Runtime& runtime_;
  Store& store_;
};

// The documents of a batch with their versions: one of turns (or none) and those of reps.
struct PoolBooks {
  PoolState turns;
  std::uint64_t version = 0;
  RepLoads loads;
  std::map<std::string, std::pair<RepLoad, std::uint64_t>, std::less<>> loaded;  // as they were
};
Result<PoolBooks> open_books(Store& store, const std::string& turns,
                             const std::vector<std::string>& reps);
DocKey turns_key(const std::string& pool);
DocKey load_key(const std::string& rep);

}  // namespace baton
