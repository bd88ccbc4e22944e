#pragma once

#include <memory>

#include "gateway/app/common/store_state.h"
#include "gateway/app/engine/node_context.h"
#include "gateway/app/engine/signals.h"
#include "gateway/store/redis/redis_async.h"
#include "gateway/store/seal/keyring.h"
#include "gateway/store/spool/spool.h"
#include "webhooks/edge/intake_sink.h"

namespace boost::asio {
class io_context;
}

namespace baton {

// The parts that a sink uses. They outlive it.
struct IntakeParts {
  const NodeContext& node;
  Keyring& keys;
  Signals& signals;
  StoreState& state;
  Spool& spool;
};

// The sink of one edge thread. It stores a delivery in Redis over its own connections. If Redis is
// down, slow, not durable or full, the delivery goes to the spool. In both cases it is on disk
// before the sender gets an answer (I1).
std::unique_ptr<IntakeSink> make_gateway_sink(boost::asio::io_context& io, const IntakeParts& parts,
                                              const RedisOptions& redis);

}  // namespace baton
