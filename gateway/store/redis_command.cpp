#include "gateway/store/redis_command.h"

#include <fmt/format.h>

namespace baton {

std::string partition_tag(PartitionId partition) { return fmt::format("{{p{:02}}}", partition); }

std::string partition_key(PartitionId partition, std::string_view suffix, std::string_view rest) {
  auto key = partition_tag(partition);
  key += ':';
  key += suffix;
  key += rest;
  return key;
}

RedisCommand RedisCommand::function(std::string_view name, PartitionId partition) {
  RedisCommand command("FCALL");
  command.in(partition).arg(name).arg("1").arg(partition_tag(partition));
  return command;
}

RedisCommand RedisCommand::with_keys(std::string_view function, std::string_view key1,
                                     std::string_view key2) {
  RedisCommand command("FCALL");
  command.arg(function).arg("2").arg(key1).arg(key2);
  return command;
}

std::string RedisCommand::header() const { return fmt::format("*{}\r\n", count_); }

}  // namespace baton
