#pragma once

#include <functional>
#include <memory>
#include <string>

#include "adapters/engine/source/source.h"

namespace baton {

// Where a verified delivery goes. The edge answers the sender only when `done` was called; the
// gateway implements this over Redis with the spool behind it.
struct Delivery {
  std::string id;           // hash of source and delivery id: the same through Redis and spool
  std::string delivery_id;  // the sender's
  RawDelivery raw;
};

enum class Stored {
  kStored,       // on disk
  kDuplicate,    // was there before
  kUnavailable,  // neither store nor spool can take it: 503
};

class IntakeSink {
 public:
  virtual ~IntakeSink() = default;
  // Called on the edge's thread that owns this sink; `done` is called on the same thread, exactly
  // once. Deliveries waiting for their answer are bounded by the implementation (kUnavailable or
  // spool beyond it).
  virtual void store(Delivery delivery, std::function<void(Stored)> done) = 0;
};

// The public id of a delivery: 32 hex digits of SHA-256 over the length-prefixed parts.
std::string public_delivery_id(std::string_view source, std::string_view delivery_id);

}  // namespace baton
