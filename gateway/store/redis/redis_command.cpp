#include "gateway/store/redis/redis_command.h"

#include <fmt/format.h>

namespace baton {
namespace {

constexpr std::size_t kBigArgument = 32 * 1024;  // PROTO_MBULK_BIG_ARG of Redis

// MessagePack's "array 32" and "str 32": the type, then the length in four bytes, big-endian.
constexpr char kArray = '\xdd', kText = '\xdb';
void append_head(std::string& out, char type, std::size_t size) {
  out += type;
  for (const int shift : {24, 16, 8, 0}) out += static_cast<char>(size >> shift & 0xff);
}

}  // namespace

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
  command.arguments_at_ = command.body_.size();
  command.before_arguments_ = command.count_;
  return command;
}

void RedisCommand::join_arguments() {
  const std::size_t from = arguments_at_;
  if (from == 0 || body_.size() - from < kBigArgument) return;
  std::string joined;
  joined.reserve(body_.size() - from);
  append_head(joined, kArray, count_ - before_arguments_);
  for (std::size_t at = from; at < body_.size();) {
    std::size_t size = 0;
    const char* digits = body_.data() + at + 1;  // after the '$'
    const char* end = std::from_chars(digits, body_.data() + body_.size(), size).ptr;
    append_head(joined, kText, size);
    joined.append(end + 2, size);
    at = static_cast<std::size_t>(end - body_.data()) + 2 + size + 2;
  }
  body_.resize(from);
  count_ = before_arguments_;
  arg(joined);
}

RedisCommand RedisCommand::with_keys(std::string_view function, std::string_view key1,
                                     std::string_view key2) {
  RedisCommand command("FCALL");
  command.arg(function).arg("2").arg(key1).arg(key2);
  return command;
}

std::string RedisCommand::header() const { return fmt::format("*{}\r\n", count_); }

}  // namespace baton
