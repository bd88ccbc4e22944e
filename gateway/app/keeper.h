#pragma once

#include <memory>
#include <thread>

#include "gateway/app/runtime.h"
#include "gateway/app/store_state.h"
#include "gateway/app/worker.h"
#include "gateway/store/spool.h"

namespace baton {

// The housekeeping thread: looks after the store's health and durability, renews the leases on
// partitions and hands them to the workers, drains the spool once Redis is well again, shares day
// keys with other nodes and forgets old ones.
class Keeper {
 public:
  Keeper(Runtime& runtime, StoreState& state, Spool& spool, std::vector<std::unique_ptr<Worker>>& workers)
      : runtime_(runtime), state_(state), spool_(spool), workers_(workers) {}
  ~Keeper() { join(); }

  void start();
  void join();

 private:
  void run();
  std::string look_at_store();
  Status take_leases();
  void share_day_key();
  void drain_spool();
  void publish();

  Runtime& runtime_;
  StoreState& state_;
  Spool& spool_;
  std::vector<std::unique_ptr<Worker>>& workers_;
  std::unique_ptr<Store> store_;
  std::vector<PartitionId> leases_;
  std::string shared_key_id_;
  bool durable_ = false;
  Signal wake_;
  std::thread thread_;
};

}  // namespace baton
