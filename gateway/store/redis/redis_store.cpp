#include "gateway/store/redis/redis_store.h"

#include <map>

#include "gateway/store/redis/redis_info.h"
#include "gateway/store/redis/redis_library.h"
#include "gateway/store/redis/redis_store_impl.h"

namespace baton {
namespace {

void read_settings(RedisReply settings, StoreHealth& health) {
  std::map<std::string_view, std::string_view> values;
  for (std::size_t i = 0; i + 1 < settings.size(); i += 2)
    values[settings[i].text()] = settings[i + 1].text();
  health.durability = values["appendonly"] == "yes" ? std::string(values["appendfsync"]) : "off";
  health.eviction = values["maxmemory-policy"];
  health.fsync_pauses = values["no-appendfsync-on-rewrite"] == "yes";
}

}  // namespace

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
