#pragma once

#include <atomic>
#include <functional>
#include <memory>

#include "gateway/app/common/wakeup.h"

namespace baton {

// Wakes the threads of a gateway, and stops them. Thread-safe.
struct Signals {
  std::unique_ptr<EngineWakeup> engine = std::make_unique<EngineWakeup>();
  std::function<void()> wake_dispatcher = [] {};
  std::atomic<bool> stopping = false;

  void wake_engine() { engine->all(); }
};

}  // namespace baton
