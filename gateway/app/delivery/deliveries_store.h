#pragma once

#include "gateway/app/delivery/deliveries.h"

namespace baton {

// Returns the connection at the end of the scope, unless the store failed: then it is dropped.
class Deliveries::Borrowed {
 public:
  explicit Borrowed(Deliveries& owner) : owner_(owner), store_(owner.borrow()) {}
  ~Borrowed() {
    if (store_ && good_) owner_.give_back(std::move(*store_));
  }
  Borrowed(const Borrowed&) = delete;
  Borrowed& operator=(const Borrowed&) = delete;
  explicit operator bool() const { return store_.has_value(); }
  Error error() const { return store_.error(); }
  Store& operator*() { return **store_; }
  void drop() { good_ = false; }

  // The documents that outbox items belong to, in their order.
  Result<std::vector<Document>> documents_of(std::span<const OutboxEntry> entries) {
    std::vector<DocKey> keys;
    for (const auto& entry : entries) keys.push_back(entry.key);
    auto documents = (**store_).load(keys);
    if (!documents) drop();
    return documents;
  }

 private:
  Deliveries& owner_;
  Result<std::unique_ptr<Store>> store_;
  bool good_ = true;
};

}  // namespace baton
