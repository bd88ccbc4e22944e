#pragma once

#include <memory>
#include <vector>

#include "gateway/app/engine/engine_thread.h"

namespace baton {

// The engine's threads: for deliveries and for clocks as many each as settings.engine_threads says
// (runtime.wake has been made for as many), and one for owners. Partitions are dealt out among
// those of a kind.
class Engine {
 public:
  explicit Engine(Runtime& runtime);
  ~Engine() { join(); }
  Engine(const Engine&) = delete;
  Engine& operator=(const Engine&) = delete;

  void start();
  // The partitions to serve from now on (this node holds their leases), in order; see EngineThread.
  void serve(const std::vector<PartitionId>& partitions, bool alone);
  // Between pause and resume no round is under way.
  void pause();
  void resume();
  // Ends after runtime.stopping was set.
  void join();

 private:
  Runtime& runtime_;
  std::vector<std::unique_ptr<EngineThread>> intake_, clocks_;
  std::unique_ptr<EngineThread> owners_;
  std::vector<EngineThread*> all_;
};

}  // namespace baton
