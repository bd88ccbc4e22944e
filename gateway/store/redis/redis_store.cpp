#include "gateway/store/redis/redis_store.h"

#include <map>

#include "gateway/store/redis/redis_info.h"
#include "gateway/store/redis/redis_library.h"
#include "gateway/store/redis/redis_store_impl.h"

namespace baton {
namespace {

bool is_full(const CallGroup& group, const ItemSize& next) {
  return group.items.size() >= kCallItems || group.weight + next.weight > kCallWeight ||
         group.bytes + next.bytes > kCallBytes;
}

void read_settings(RedisReply settings, StoreHealth& health) {
  std::map<std::string_view, std::string_view> values;
  for (std::size_t i = 0; i + 1 < settings.size(); i += 2)
    values[settings[i].text()] = settings[i + 1].text();
  health.durability = values["appendonly"] == "yes" ? std::string(values["appendfsync"]) : "off";
  health.eviction = values["maxmemory-policy"];
  health.fsync_pauses = values["no-appendfsync-on-rewrite"] == "yes";
}

}  // namespace

std::vector<CallGroup> group_calls(std::size_t count,
                                   const std::function<ItemSize(std::size_t)>& size_of) {
  std::vector<CallGroup> groups;
  std::map<PartitionId, std::size_t> open;  // partition -> its last group
  for (std::size_t i = 0; i < count; ++i) {
    const auto size = size_of(i);
    const auto [at, fresh] = open.try_emplace(size.partition, groups.size());
    if (fresh || is_full(groups[at->second], size)) {
      at->second = groups.size();
      groups.push_back({size.partition, {}, 0, 0});
    }
    auto& group = groups[at->second];
    group.items.push_back(i);
    group.weight += size.weight;
    group.bytes += size.bytes;
  }
  return groups;
}

std::vector<RedisCommand> function_calls(
    std::string_view function, std::span<const CallGroup> groups,
    const std::function<void(RedisCommand&, std::size_t)>& add) {
  std::vector<RedisCommand> commands;
  commands.reserve(groups.size());
  for (const auto& group : groups) {
    commands.push_back(RedisCommand::function(function, group.partition));
    for (const auto item : group.items) add(commands.back(), item);
  }
  return commands;
}

Result<std::unique_ptr<Store>> make_redis_store(const RedisOptions& options) {
  auto endpoint = parse_redis_url(options.url);
  if (!endpoint) return endpoint.error();
  if (options.partitions < 1 || options.partitions > 1024) {
    return error(Errc::kInvalidInput, "redis.partitions: expected 1 to 1024");
  }
  return std::unique_ptr<Store>(std::make_unique<RedisStore>(*endpoint, options));
}

RedisStore::RedisStore(const RedisEndpoint& endpoint, const RedisOptions& options)
    : partitions_(options.partitions),
      lanes_(endpoint, options, [n = options.partitions](RedisConnection& connection) {
        auto status = check_layout(connection, n);
        return status ? load_library(connection) : status;
      }) {}

Result<RedisReplies> RedisStore::run(std::span<const RedisCommand> commands) {
  auto replies = answers(commands);
  if (!replies) return replies;
  if (auto status = replies->first_error(); !status) return status.error();
  return replies;
}

Result<RedisReplies> RedisStore::answers(std::span<const RedisCommand> commands) {
  auto replies = lanes_.pipeline(commands);
  if (!replies) return replies;
  std::vector<std::size_t> lost;
  for (std::size_t i = 0; i < replies->size(); ++i) {
    if ((*replies)[i].is_error() && is_missing_function((*replies)[i].text())) lost.push_back(i);
  }
  if (lost.empty()) return replies;
  if (auto status = load_library(lanes_.first()); !status) return status.error();
  std::vector<RedisCommand> again;
  for (const auto i : lost) again.push_back(commands[i]);
  auto second = lanes_.pipeline(again);
  if (!second) return second;
  for (std::size_t k = 0; k < lost.size(); ++k) replies->replace(lost[k], *second, k);
  return replies;
}

Status RedisStore::apply(std::span<const RedisCommand> commands) {
  auto replies = run(commands);
  return replies ? Status() : Status(replies.error());
}

Result<Instant> RedisStore::now() {
  auto replies = run_one(RedisCommand("TIME"));
  if (!replies) return replies.error();
  const auto time = (*replies)[0];
  constexpr std::int64_t kEndOfTime = std::int64_t{1}
                                      << 50;  // seconds; a larger value is not a time
  if (time[0].integer() <= 0 || time[0].integer() > kEndOfTime)
    return error(Errc::kTransient, "Redis did not return its time", "redis");
  return Instant{time[0].integer() * 1000 + time[1].integer() / 1000};
}

// Settings that the user may not read are reported as "unknown"; that is not an error.
Result<StoreHealth> RedisStore::health() {
  const RedisCommand commands[] = {
      RedisCommand("INFO").arg("memory"),
      RedisCommand("INFO").arg("persistence"),
      RedisCommand("CONFIG")
          .arg("GET")
          .arg("appendonly")
          .arg("appendfsync")
          .arg("maxmemory-policy")
          .arg("no-appendfsync-on-rewrite"),
      RedisCommand("INFO").arg("replication"),
  };
  auto replies = answers(commands);
  if (!replies) return replies.error();
  if (auto status = (*replies)[0].status(); !status) return status.error();
  StoreHealth health;
  const auto memory = (*replies)[0].text();
  health.used_memory = info_number(memory, "used_memory");
  health.max_memory = info_number(memory, "maxmemory");
  health.eviction = info_field(memory, "maxmemory_policy");
  health.loading = info_field((*replies)[1].text(), "loading") == "1";
  health.replication_id = info_field((*replies)[3].text(), "master_replid");
  health.former_replication_id = info_field((*replies)[3].text(), "master_replid2");
  health.durability = "unknown";
  if (!(*replies)[2].is_error()) read_settings((*replies)[2], health);
  return health;
}

}  // namespace baton
