#pragma once

#include <string>
#include <string_view>
#include <utility>

#include "gateway/core/pool/pool.h"

namespace baton {

// A turn to give back: wrong route, wrong data, a no-show, or withdrawn before it began.
struct Credit {
  std::string key;  // applying a key again has no effect
  RepId rep;
  // Key of the request it undoes, or "person:episode:" for the newest request of that episode. "":
  // the newest request of the episode in `key`.
  std::string pick;
  std::string why = {};  // "procedural", "clerical", "no_show", "withdrawn"
};

// Gives a turn back in the document that stores the pool's turns: the rep's pass moves back by the
// cost of the pick, or by the pool's average if the pick is no longer stored. Returns the state
// unchanged and no reasons if there is nothing to give back.
std::pair<PoolState, Reasons> give_back(PoolState state, const Credit& credit, const Pool& pool);

// Counts an accepted lead of the pool, once for each key. Returns false if the key was counted.
bool count_accepted(PoolState& state, std::string_view key, const RepId& rep);

}  // namespace baton
