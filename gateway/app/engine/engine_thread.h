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

// What all threads of the engine have in common: a store of their own, partitions to serve, a loop
// that works while there is work and sleeps until something wakes it. Order within a partition is
// kept; any number of them may run, on any number of nodes: correctness comes from the versions of
// documents, never from who serves what.
class EngineThread {
 public:
  EngineThread(const EngineParts& parts, Signal& signal) : parts_(parts), signal_(signal) {}
  virtual ~EngineThread() = default;  // joined before
  EngineThread(const EngineThread&) = delete;
  EngineThread& operator=(const EngineThread&) = delete;

  void start();
  // The partitions to serve from now on. `alone`: this node holds all there are, so what others
  // might write need not be looked for.
  void serve(std::vector<PartitionId> partitions, bool alone);
  // Between pause and resume no round is under way: what the runtime refers to may be exchanged.
  void pause() { round_.lock(); }
  void resume() { round_.unlock(); }
  void join();

 protected:
  // The store is open now, for the first time.
  virtual void opened(Store& store) = 0;
  // One round; true where another should follow at once.
  virtual bool step(const std::vector<PartitionId>& served) = 0;
  // How long to sleep where nobody wakes us.
  virtual std::int64_t sleep_ns() = 0;
  // After the last round.
  virtual void wind_up() {}

  // At least so often everything is looked at: at once what another node has put there (DESIGN 5),
  // and now and then what nobody told us of.
  Duration longest_sleep() const {
    const Duration look_every = parts_.node.settings.look_every;
    return alone_ ? look_every : std::min(look_every, milliseconds(50));
  }
  bool time_to_look();  // longest_sleep() has passed since it was last true
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
  bool alone_ = false;  // of the thread itself
  Duration backoff_;
  std::int64_t looked_ns_ = 0;
  std::thread thread_;
};

}  // namespace baton
