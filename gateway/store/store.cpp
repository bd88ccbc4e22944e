#include "gateway/store/store.h"

namespace baton {

PartitionId partition_of(std::string_view key, PartitionId partitions) {
  std::uint64_t hash = 14695981039346656037ULL;  // FNV-1a, 64 bit
  for (const char c : key) {
    hash ^= static_cast<unsigned char>(c);
    hash *= 1099511628211ULL;
  }
  return partitions == 0 ? PartitionId{0} : static_cast<PartitionId>(hash % partitions);
}

Status check_durability(const StoreHealth& health, bool assume) {
  if (assume) return {};
  const auto weak = [](std::string message) {
    return error(Errc::kPermanent, std::move(message), "redis");
  };
  if (health.durability == "unknown") {
    return weak(
        "Redis does not permit this user to read its settings; allow +config|get and +info, or set "
        "redis.assume_durable: true");
  }
  if (health.durability == "off") {
    return weak("Redis has no append-only file; set appendonly yes, or redis.assume_durable: true");
  }
  if (health.durability != "always") {
    return weak("Redis acknowledges a write before it is on disk (appendfsync " +
                health.durability + "); set appendfsync always, or redis.assume_durable: true");
  }
  if (health.fsync_pauses) {
    return weak(
        "Redis does not fsync while it rewrites its append-only file; set "
        "no-appendfsync-on-rewrite no, or "
        "redis.assume_durable: true");
  }
  if (health.eviction != "noeviction") {
    return weak("Redis evicts keys when its memory is full (maxmemory-policy " + health.eviction +
                "); set maxmemory-policy noeviction, or redis.assume_durable: true");
  }
  return {};
}

}  // namespace baton
