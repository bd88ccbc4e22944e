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

// What a sink uses. It outlives the sink.
struct IntakeParts {
  const NodeContext& node;
  Keyring& keys;
  Signals& signals;
  StoreState& state;
  Spool& spool;
};

// The sink of one edge thread: a delivery goes to Redis over this thread's own connections, and
// into the spool where Redis is away, slow, weak or full. Either way it is on disk before the
// sender gets his answer (I1).
std::unique_ptr<IntakeSink> make_gateway_sink(boost::asio::io_context& io, const IntakeParts& parts,
                                              const RedisOptions& redis);

}  // namespace baton
