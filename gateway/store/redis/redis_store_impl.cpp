#include "gateway/store/redis/redis_store_impl.h"

#include <map>

namespace baton {
namespace {

bool is_full(const CallGroup& group, const ItemSize& next) {
  return group.items.size() >= kCallItems || group.weight + next.weight > kCallWeight ||
         group.bytes + next.bytes > kCallBytes;
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

}  // namespace baton
