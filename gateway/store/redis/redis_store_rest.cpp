#include "gateway/store/redis/redis_store_impl.h"

namespace baton {

Result<bool> RedisStore::consume_once(std::string_view key, Duration ttl) {
  auto replies = run_one(RedisCommand::function("use_once_v1", home(key))
                             .arg(key)
                             .arg(std::max<std::int64_t>(ttl.ms, 1)));
  if (!replies) return replies.error();
  return (*replies)[0].integer() == 1;
}

Status RedisStore::put_value(std::string_view name, std::string_view value) {
  const RedisCommand command =
      RedisCommand::function("put_value_v1", home(name)).arg(name).arg(value);
  return apply({&command, 1});
}

Result<std::string> RedisStore::get_value(std::string_view name) {
  auto replies = run_one(RedisCommand("GET").arg(partition_key(home(name), "val:", name)));
  if (!replies) return replies.error();
  return std::string((*replies)[0].text());
}

Result<std::vector<PartitionId>> RedisStore::lease(std::string_view node,
                                                   std::span<const PartitionId> wanted,
                                                   Duration ttl) {
  std::vector<RedisCommand> commands;
  for (const auto partition : wanted) {
    commands.push_back(RedisCommand::function("lease_v1", partition)
                           .arg(node)
                           .arg(std::max<std::int64_t>(ttl.ms, 1)));
  }
  auto replies = run(commands);
  if (!replies) return replies.error();
  std::vector<PartitionId> held;
  for (std::size_t i = 0; i < wanted.size(); ++i) {
    if ((*replies)[i].integer() == 1) held.push_back(wanted[i]);
  }
  return held;
}

Status RedisStore::release(std::string_view node, std::span<const PartitionId> held) {
  std::vector<RedisCommand> commands;
  for (const auto partition : held)
    commands.push_back(RedisCommand::function("release_v1", partition).arg(node));
  return apply(commands);
}

Result<Store::Counts> RedisStore::counts() {
  std::vector<RedisCommand> commands;
  for (PartitionId p = 0; p < partitions_; ++p)
    commands.push_back(RedisCommand::function("counts_v1", p));
  auto replies = run(commands);
  if (!replies) return replies.error();
  Counts total;
  for (PartitionId p = 0; p < partitions_; ++p) {
    const auto row = (*replies)[p];
    const auto cell = [&](std::size_t i) { return static_cast<std::uint64_t>(row[i].integer()); };
    total.intake += cell(0);
    total.timers += cell(1);
    total.outbox += cell(2);
    total.push += cell(3);
    total.dead_letters += cell(4);
    total.persons += cell(5);
  }
  return total;
}

}  // namespace baton
