#pragma once

#include <memory>
#include <span>
#include <vector>

#include "gateway/store/redis/redis_connection.h"

namespace baton {

// Several connections used as one. All commands of a partition use the same lane, so they keep
// their order; other partitions run in parallel. Redis reads about 16 KiB of each connection before
// it writes its file and syncs, and writes 64 KiB to each. With one connection, a batch of some
// hundred kilobytes costs many syncs; with several it costs few.
class RedisLanes {
 public:
  RedisLanes(const RedisEndpoint& endpoint, const RedisOptions& options,
             const RedisConnection::Prepare& prepare);

  // As RedisConnection::pipeline: returns all replies in the order of the commands, or kTransient,
  // and then the effect of every command is unknown.
  Result<RedisReplies> pipeline(std::span<const RedisCommand> commands);
  // For commands that belong to no partition.
  RedisConnection& first() { return *lanes_.front(); }

 private:
  Status exchange(std::span<const RedisCommand> commands, RedisReplies& replies);
  Status exchange_chunks(std::span<const RedisCommand> commands, RedisReplies& replies);

  std::vector<std::unique_ptr<RedisConnection>> lanes_;
  std::vector<std::vector<std::size_t>> waiting_;  // by lane: commands not sent yet
};

}  // namespace baton
