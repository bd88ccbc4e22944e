#pragma once

#include <string>

#include "gateway/store/store.h"

namespace baton {

// Which Redis this node worked with last, and until when: kept in the data folder, and in the store
// a mark of the same moment. By them the keeper tells a Redis that was merely restarted from one
// that is another, or older, than the one before: a replica that took over, a copy that was put
// back.
class StoreSeen {
 public:
  enum class Verdict { kSame, kFailedOver, kOlder };

  StoreSeen(std::string folder, std::string node)
      : file_(std::move(folder) + "/store.seen"), mark_("seen:" + std::move(node)) {}

  // Compares and remembers. Asks the store only where the replication id is another one than
  // before.
  Result<Verdict> look(Store& store, const StoreHealth& health);
  // Now and then: moves the mark.
  Status mark(Store& store);

 private:
  void read();
  Status write() const;

  const std::string file_, mark_;
  bool read_ = false;
  std::string id_;
  Instant at_;  // of the mark, by the store's clock
};

}  // namespace baton
