#pragma once

#include <memory>
#include <mutex>
#include <utility>

namespace baton {

// A value that is replaced as a whole while others read it. Readers keep the value they loaded.
// Thread-safe. std::atomic<std::shared_ptr> would do the same, but GCC 12 unlocks it relaxed after
// a load, so nothing orders the load before the next store (ThreadSanitizer reports it).
template <class T>
class Replaceable {
 public:
  explicit Replaceable(std::shared_ptr<const T> first = {}) : value_(std::move(first)) {}
  std::shared_ptr<const T> load() const {
    const std::lock_guard lock(mutex_);
    return value_;
  }
  void store(std::shared_ptr<const T> value) {
    const std::lock_guard lock(mutex_);
    value_.swap(value);  // destroys the old value with the argument, outside the lock
  }
  // Stores the value only if nothing was stored since `expected` was loaded.
  bool replace(const std::shared_ptr<const T>& expected, std::shared_ptr<const T> value) {
    const std::lock_guard lock(mutex_);
    if (value_ != expected) return false;
    value_.swap(value);
    return true;
  }

 private:
  mutable std::mutex mutex_;
  std::shared_ptr<const T> value_;
};

}  // namespace baton
