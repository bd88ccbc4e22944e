#pragma once

#include <condition_variable>
#include <deque>
#include <functional>
#include <mutex>
#include <thread>
#include <vector>

namespace baton {

// A few threads for work that may wait for the store, so that the listener's threads never do. The
// destructor waits for running work and drops queued work, whose connections the listener closes.
class WorkerPool {
 public:
  explicit WorkerPool(int threads, std::size_t max_waiting = 256);
  ~WorkerPool();
  WorkerPool(const WorkerPool&) = delete;
  WorkerPool& operator=(const WorkerPool&) = delete;

  // Returns false if the queue is full.
  bool submit(std::function<void()> work);

 private:
  void run();

  const std::size_t max_waiting_;
  std::mutex mutex_;
  std::condition_variable changed_;
  std::deque<std::function<void()>> waiting_;
  bool ending_ = false;
  std::vector<std::thread> threads_;
};

}  // namespace baton
