#pragma once

#include <memory>
#include <optional>
#include <thread>

#include "gateway/app/common/store_identity.h"
#include "gateway/app/common/store_state.h"
#include "gateway/app/engine/runtime.h"
#include "gateway/app/workers/engine.h"
#include "gateway/store/spool/spool.h"

namespace baton {

// The housekeeping thread: looks after the store's health and durability, renews the leases on
// partitions and hands them to the engine, drains the spool once Redis is well again, shares day
// keys with other nodes, forgets old ones, and compares the store's indexes with the documents
// where somebody asks for it or Redis is another one than before.
class Housekeeper {
 public:
  Housekeeper(Runtime& runtime, StoreState& state, Spool& spool, Engine& engine)
      : runtime_(runtime),
        state_(state),
        spool_(spool),
        engine_(engine),
        seen_(runtime.settings.data, runtime.node) {}
  ~Housekeeper() { join(); }

  void start();
  void join();

 private:
  void run();
  std::string look_at_store();
  Status take_leases();
  void share_day_key();
  void sweep_rules();
  void drain_spool();
  void recognise(const StoreHealth& health);
  void reindex();
  void publish();

  Runtime& runtime_;
  StoreState& state_;
  Spool& spool_;
  Engine& engine_;
  std::unique_ptr<Store> store_;
  std::vector<PartitionId> leases_;
  std::string shared_key_id_;
  bool durable_ = false;
  StoreSeen seen_;
  std::int64_t marked_ns_ = 0;
  std::optional<Reindexer> sweep_;
  Signal wake_;
  std::thread thread_;
};

}  // namespace baton
