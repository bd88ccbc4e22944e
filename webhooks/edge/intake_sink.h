#pragma once

#include <functional>
#include <memory>
#include <string>

#include "adapters/engine/source/source.h"

namespace baton {

// Receives verified deliveries. The edge answers the sender only after `done` was called. The
// gateway implements this with Redis, and the spool as a fallback.
struct Delivery {
  std::string id;           // hash of source and delivery id: the same in Redis and spool
  std::string delivery_id;  // the sender's
  RawDelivery raw;
};

enum class Stored {
  kStored,       // on disk
  kDuplicate,    // stored before
  kUnavailable,  // neither store nor spool can accept it: 503
};

class IntakeSink {
 public:
  virtual ~IntakeSink() = default;
  // Called on the edge's thread that owns this sink. Calls `done` on the same thread, exactly once.
  // The implementation limits the number of waiting deliveries; beyond the limit they go to the
  // spool or are kUnavailable.
  virtual void store(Delivery delivery, std::function<void(Stored)> done) = 0;
};

}  // namespace baton
