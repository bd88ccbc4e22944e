#pragma once

#include <string>

#include "gateway/store/store.h"

namespace baton {

// The Redis that this node last worked with, and when: stored in the data folder, with a mark of
// the same moment in the store. Both together show whether a Redis was only restarted, or is a
// different or older one: a replica that took over, or a restored copy.
class StoreSeen {
 public:
  enum class Verdict { kSame, kFailedOver, kOlder };

  StoreSeen(std::string folder, std::string node)
      : file_(std::move(folder) + "/store.seen"), mark_("seen:" + std::move(node)) {}

  // Compares and stores the identity. Asks the store only if the replication id has changed.
  Result<Verdict> look(Store& store, const StoreHealth& health);
  // Moves the mark. Called periodically.
  Status mark(Store& store);

 private:
  void read();
  Status write() const;

  const std::string file_, mark_;
  bool read_ = false;
  std::string id_;
  Instant at_;  // time of the mark, by the store's clock
};

}  // namespace baton
