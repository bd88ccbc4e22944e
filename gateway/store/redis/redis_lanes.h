#pragma once

#include <memory>
#include <span>
#include <vector>

#include "gateway/store/redis/redis_connection.h"

namespace baton {

// Several connections used as one. A partition's commands all go over the same lane, so they keep
// their order; those of other partitions travel beside them. Redis takes about 16 KiB from each
// connection before it writes its file and syncs, and hands out 64 KiB to each: with one connection
// a batch of some hundred kilobytes pays for many syncs, with several for a few.
class RedisLanes {
 public:
  RedisLanes(const RedisEndpoint& endpoint, const RedisOptions& options,
             const RedisConnection::Prepare& prepare);

  // As RedisConnection::pipeline: all replies in the order of the commands, or kTransient, and then
  // nothing is known of the effect of any.
  Result<RedisReplies> pipeline(std::span<const RedisCommand> commands);
  // For what belongs to no partition.
  RedisConnection& first() { return *lanes_.front(); }

 private:
  Status exchange(std::span<const RedisCommand> commands, RedisReplies& replies);
  Status exchange_chunks(std::span<const RedisCommand> commands, RedisReplies& replies);

  std::vector<std::unique_ptr<RedisConnection>> lanes_;
  std::vector<std::vector<std::size_t>> waiting_;  // by lane: commands not sent yet
};

}  // namespace baton
