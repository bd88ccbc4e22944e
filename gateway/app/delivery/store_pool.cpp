#include "gateway/app/delivery/store_pool.h"

namespace baton {

Result<std::unique_ptr<Store>> StorePool::take() {
  {
    const std::lock_guard lock(mutex_);
    if (!idle_.empty()) {
      auto store = std::move(idle_.back());
      idle_.pop_back();
      return store;
    }
  }
  return open_();
}

void StorePool::give_back(std::unique_ptr<Store> store) {
  const std::lock_guard lock(mutex_);
  idle_.push_back(std::move(store));
}

StorePool::Borrowed::~Borrowed() {
  if (store_ && !dropped_) pool_.give_back(std::move(*store_));
}

Result<std::vector<Document>> StorePool::Borrowed::documents_of(
    std::span<const OutboxEntry> entries) {
  std::vector<DocKey> keys;
  for (const auto& entry : entries) keys.push_back(entry.key);
  auto documents = (*store_)->load(keys);
  if (!documents) drop();
  return documents;
}

}  // namespace baton
