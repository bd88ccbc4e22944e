#pragma once

#include <condition_variable>
#include <functional>
#include <mutex>
#include <vector>

#include "mapping/instant.h"

namespace baton {

// The queue on which a worker's thread waits. Other threads post tasks, wake the worker or stop it.
// Answers come from threads of the HTTP client that may outlive the worker, therefore the worker
// and those threads share the inbox. Thread-safe.
class Inbox {
 public:
  void post(std::function<void()> task);
  void wake();
  void stop();
  bool stopping() const;
  // Waits until another thread calls one of the above, or until `longest` has passed. Returns the
  // posted tasks.
  std::vector<std::function<void()>> wait(Duration longest);
  // Whether wake() was called before the last wait ended. For the waiting thread only.
  bool was_woken() const { return was_woken_; }

 private:
  mutable std::mutex mutex_;
  std::condition_variable changed_;
  std::vector<std::function<void()>> tasks_;
  bool woken_ = false;
  bool was_woken_ = false;
  bool stop_ = false;
};

}  // namespace baton
