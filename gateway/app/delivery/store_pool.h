#pragma once

#include <functional>
#include <memory>
#include <mutex>
#include <span>
#include <vector>

#include "gateway/store/store.h"

namespace baton {

// Store connections that the dispatcher's threads share. A thread borrows one for a call, and the
// pool keeps it for the next. Thread-safe.
class StorePool {
 public:
  using Open = std::function<Result<std::unique_ptr<Store>>()>;
  class Borrowed;

  explicit StorePool(Open open) : open_(std::move(open)) {}

 private:
  Result<std::unique_ptr<Store>> take();
  void give_back(std::unique_ptr<Store> store);

  const Open open_;
  std::mutex mutex_;
  std::vector<std::unique_ptr<Store>> idle_;
};

// A connection for the duration of a scope. It returns to the pool at the end, unless the store
// failed and the borrower called drop().
class StorePool::Borrowed {
 public:
  explicit Borrowed(StorePool& pool) : pool_(pool), store_(pool.take()) {}
  ~Borrowed();
  Borrowed(const Borrowed&) = delete;
  Borrowed& operator=(const Borrowed&) = delete;

  explicit operator bool() const { return store_.has_value(); }
  Error error() const { return store_.error(); }
  Store& operator*() { return **store_; }
  Store* operator->() { return store_->get(); }
  void drop() { dropped_ = true; }

  // The documents that the entries belong to, in the order of the entries. Drops the connection if
  // the store fails.
  Result<std::vector<Document>> documents_of(std::span<const OutboxEntry> entries);

 private:
  StorePool& pool_;
  Result<std::unique_ptr<Store>> store_;
  bool dropped_ = false;
};

}  // namespace baton
