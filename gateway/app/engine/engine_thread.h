#pragma once

#include <algorithm>
#include <memory>
#include <mutex>
#include <thread>
#include <vector>

#include "gateway/app/engine/applier.h"
#include "gateway/app/engine/node_context.h"
#include "gateway/app/engine/stores.h"

namespace baton {

// The parts of the runtime that a thread of the engine uses. They outlive it.
struct EngineParts {
  const NodeContext& node;
  const Stores& stores;
  ApplierParts applier;
};

// The base of all threads of the engine. Each has its own store connection and partitions to serve.
// It works while there is work, and then sleeps until a signal wakes it. The order within a
// partition is kept. Any number of threads may run on any number of nodes: document versions ensure
// correctness, whichever thread serves a partition.
class EngineThread {
 public:
  EngineThread(const EngineParts& parts, Signal& signal) : parts_(parts), signal_(signal) {}
  virtual ~EngineThread() = default;  // call join() first
  EngineThread(const EngineThread&) = delete;
  EngineThread& operator=(const EngineThread&) = delete;

  void start();
  // The partitions to serve from now on. `alone`: this node holds all partitions, so no other node
  // writes.
  void serve(std::vector<PartitionId> partitions, bool alone);
  // No round runs between pause and resume, so the configuration may be replaced.
  void pause() { round_.lock(); }
  void resume() { round_.unlock(); }
  void join();

 protected:
  // The store was opened for the first time.
  virtual void opened(Store& store) = 0;
  // Runs one round. Returns true if another round should follow at once.
  virtual bool step(const std::vector<PartitionId>& served) = 0;
  // How long to sleep if no signal comes.
  virtual std::int64_t sleep_ns() = 0;
  // Called after the last round.
  virtual void wind_up() {}

  // The longest time until the thread looks at everything. This finds what other nodes wrote, and
  // what no signal reported.
  Duration longest_sleep() const {
    const Duration look_every = parts_.node.settings.look_every;
    return alone_ ? look_every : std::min(look_every, milliseconds(50));
  }
  bool time_to_look();  // longest_sleep() has passed since it last returned true
  void failed(const Error& error);
  void well() { backoff_ = {}; }

  const EngineParts parts_;
  std::unique_ptr<Store> store_;
  std::unique_ptr<Applier> applier_;

 private:
  void run();
  Status ensure_store();

  Signal& signal_;
  std::mutex round_;
  std::mutex mutex_;
  std::vector<PartitionId> partitions_;
  bool shared_alone_ = false;
  bool alone_ = false;  // copy of the thread
  Duration backoff_;
  std::int64_t looked_ns_ = 0;
  std::thread thread_;
};

}  // namespace baton
