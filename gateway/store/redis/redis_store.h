#pragma once

#include <memory>

#include "gateway/store/redis/redis_endpoint.h"
#include "gateway/store/store.h"

namespace baton {

// Returns a Store in Redis (LAYOUT.md). It connects on first use, and again with back-off after
// every failure. Each new connection checks the layout and loads the function library. Fails only
// with kInvalidInput, if the URL or the number of partitions (1 to 1024) is invalid.
Result<std::unique_ptr<Store>> make_redis_store(const RedisOptions& options);

}  // namespace baton
