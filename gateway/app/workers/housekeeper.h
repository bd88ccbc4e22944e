#pragma once

#include <memory>
#include <optional>
#include <thread>

#include "gateway/app/common/store_identity.h"
#include "gateway/app/common/store_state.h"
#include "gateway/app/documents/reindexer.h"
#include "gateway/app/engine/engine_thread.h"
#include "gateway/app/engine/leases.h"
#include "gateway/app/workers/engine.h"
#include "gateway/store/spool/spool.h"

namespace baton {

// The parts of the runtime that the housekeeper uses. They outlive it.
struct HousekeeperParts {
  EngineParts engine;
  Leases& leases;
  ReindexRequests& reindex;
};

// The housekeeping thread. It checks the health and durability of the store, renews the leases on
// partitions, and gives the partitions to the engine. It drains the spool once Redis is healthy
// again, shares day keys with other nodes, and destroys old ones. It compares the store's indexes
// with the documents if an operator asks for it, or if Redis was replaced.
class Housekeeper {
 public:
  Housekeeper(const HousekeeperParts& parts, StoreState& state, Spool& spool, Engine& engine)
      : node_(parts.engine.node),
        open_store_(parts.engine.stores.open),
        applier_(parts.engine.applier),
        leases_(parts.leases),
        reindex_(parts.reindex),
        state_(state),
        spool_(spool),
        engine_(engine),
        seen_(node_.settings.data, node_.name) {}
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

  const NodeContext& node_;
  const StoreFactory& open_store_;
  const ApplierParts applier_;
  Leases& leases_;
  ReindexRequests& reindex_;
  StoreState& state_;
  Spool& spool_;
  Engine& engine_;
  std::unique_ptr<Store> store_;
  std::vector<PartitionId> served_;
  std::string shared_key_id_;
  bool durable_ = false;
  StoreSeen seen_;
  std::int64_t marked_ns_ = 0;
  std::optional<Reindexer> sweep_;
  Signal wake_;
  std::thread thread_;
};

}  // namespace baton
