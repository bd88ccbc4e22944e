#pragma once

#include <memory>
#include <vector>

#include "gateway/app/engine/engine_thread.h"

namespace baton {

// The threads of the engine. Deliveries and clocks have as many threads each as signals.engine was
// made for (settings.engine_threads). Owners have one. The partitions are divided among the threads
// of a kind.
class Engine {
 public:
  Engine(const EngineParts& parts, ClockHealth& health);
  ~Engine() { join(); }
  Engine(const Engine&) = delete;
  Engine& operator=(const Engine&) = delete;

  void start();
  // The partitions to serve from now on, in ascending order. This node holds their leases. See
  // EngineThread.
  void serve(const std::vector<PartitionId>& partitions, bool alone);
  // No round runs between pause and resume.
  void pause();
  void resume();
  // Call after signals.stopping was set.
  void join();

 private:
  EngineWakeup& wake_;
  std::vector<std::unique_ptr<EngineThread>> intake_, clocks_;
  std::unique_ptr<EngineThread> owners_;
  std::vector<EngineThread*> all_;
};

}  // namespace baton
