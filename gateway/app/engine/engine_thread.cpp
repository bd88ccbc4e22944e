#include "gateway/app/engine/engine_thread.h"

#include <algorithm>

#include "gateway/platform/log.h"

namespace baton {
namespace {

constexpr Duration kFirstBackoff = milliseconds(20);
constexpr Duration kLongestBackoff = seconds(1);

}  // namespace

void EngineThread::start() {
  thread_ = std::thread([this] { run(); });
}

void EngineThread::join() {
  signal_.raise();
  if (thread_.joinable()) thread_.join();
}

void EngineThread::serve(std::vector<PartitionId> partitions, bool alone) {
  const std::lock_guard lock(mutex_);
  partitions_ = std::move(partitions);
  shared_alone_ = alone;
}

void EngineThread::run() {
  std::vector<PartitionId> served;
  while (!parts_.applier.signals.stopping.load()) {
    {
      const std::lock_guard lock(mutex_);
      served = partitions_;
      alone_ = shared_alone_;
    }
    {
      const std::lock_guard round(round_);
      if (auto ready = ensure_store(); !ready)
        failed(ready.error());
      else if (!served.empty() && step(served))
        continue;
    }
    signal_.wait_ns(std::max(served.empty() ? longest_sleep().ms * 1'000'000 : sleep_ns(),
                             backoff_.ms * 1'000'000));
  }
  if (store_) wind_up();
}

Status EngineThread::ensure_store() {
  if (store_) return {};
  auto store = parts_.stores.open_for_engine();
  if (!store) return store.error();
  store_ = std::move(*store);
  applier_ = std::make_unique<Applier>(parts_.applier, *store_);
  opened(*store_);
  return {};
}

bool EngineThread::time_to_look() {
  const std::int64_t now = parts_.node.clock->steady_ns();
  if (looked_ns_ != 0 && now - looked_ns_ < longest_sleep().ms * 1'000'000) return false;
  looked_ns_ = now;
  return true;
}

void EngineThread::failed(const Error& error) {
  if (backoff_.ms == 0)
    log_warn("engine", "the store does not answer; waiting", {{"error", error.message}});
  backoff_ = std::clamp(Duration{backoff_.ms * 2}, kFirstBackoff, kLongestBackoff);
  looked_ns_ = 0;  // look at everything again
}

}  // namespace baton
