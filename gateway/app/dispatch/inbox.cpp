#include "gateway/app/dispatch/inbox.h"

#include <algorithm>
#include <chrono>
#include <utility>

namespace baton {

void Inbox::post(std::function<void()> task) {
  {
    const std::lock_guard lock(mutex_);
    tasks_.push_back(std::move(task));
  }
  changed_.notify_all();
}

void Inbox::wake() {
  {
    const std::lock_guard lock(mutex_);
    woken_ = true;
  }
  changed_.notify_all();
}

void Inbox::stop() {
  {
    const std::lock_guard lock(mutex_);
    stop_ = true;
  }
  changed_.notify_all();
}

bool Inbox::stopping() const {
  const std::lock_guard lock(mutex_);
  return stop_;
}

std::vector<std::function<void()>> Inbox::wait(Duration longest) {
  std::unique_lock lock(mutex_);
  const bool had_stopped = stop_;
  changed_.wait_for(lock, std::chrono::milliseconds(std::max<std::int64_t>(longest.ms, 0)),
                    [&] { return woken_ || !tasks_.empty() || stop_ != had_stopped; });
  was_woken_ = std::exchange(woken_, false);
  return std::exchange(tasks_, {});
}

}  // namespace baton
