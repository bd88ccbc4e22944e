#pragma once

#include <map>
#include <span>
#include <string>
#include <vector>

#include "gateway/app/documents/documents.h"
#include "gateway/app/engine/configuration.h"
#include "gateway/core/pool/pool.h"
#include "gateway/core/pool/pool_credit.h"
#include "gateway/store/store.h"

namespace baton {

// Commits picks. It loads the documents of the pool and of the reps who may be picked, and answers
// every request of the batch. It writes the documents of the reps first, and then the pool's
// document with its ledger entry. The versions that were read guard each write. Therefore
// concurrent picks neither exceed a cap nor use a turn twice.
//
// A pick counts once the pool's document contains it. A batch that meets a conflict or is
// interrupted is picked again, and its entries in the reps' documents are removed by key. A
// repeated key gets the stored answer.
class PoolAssigner {
 public:
  PoolAssigner(const Configuration& configuration, const Documents& documents, Store& store)
      : configuration_(configuration), documents_(documents), store_(store) {}

  // Returns one pick for each request, in order. The requests may be for several pools.
  std::vector<Result<Pick>> pick(std::span<const OwnerRequest> requests, Instant now);
  // Updates the reps' documents from the persons that changed, and gives turns back. May be
  // repeated.
  Status learn(std::span<const PoolUpdate> notes, Instant now);

 private:
  Status pick_in(const std::string& turns, std::span<const OwnerRequest> requests,
                 const std::vector<std::size_t>& mine, Instant now,
                 std::vector<Result<Pick>>& picks);
  Status give_back_in(const std::string& pool, const Credit& credit, Instant now);
  Status learn_in(const std::string& turns, const std::vector<const PoolUpdate*>& notes,
                  Instant now);
  Status refresh(std::span<const PoolUpdate> notes, Instant now);
  Result<std::map<PersonId, std::optional<LeadWork>>> look_at(const std::vector<PersonId>& persons);

  const Configuration& configuration_;
  const Documents& documents_;
  Store& store_;
};

// The documents of a batch with their versions: those of the reps, and optionally one of turns.
struct PoolBooks {
  PoolState turns;
  std::uint64_t version = 0;
  RepLoads loads;
  std::map<RepId, std::pair<RepLoad, std::uint64_t>> loaded;  // as they were
};
Result<PoolBooks> open_books(Store& store, const std::string& turns,
                             const std::vector<RepId>& reps);
DocKey turns_key(const std::string& pool);
DocKey load_key(const RepId& rep);

}  // namespace baton
