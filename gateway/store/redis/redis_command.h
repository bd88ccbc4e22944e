#pragma once

#include <charconv>
#include <concepts>
#include <cstdint>
#include <string>
#include <string_view>

#include "gateway/store/store.h"

namespace baton {

// A Redis command in wire format (RESP), built argument by argument in one buffer. Binary-safe.
class RedisCommand {
 public:
  explicit RedisCommand(std::string_view name) { arg(name); }

  // Returns a call of a library function. Its only key is the partition's tag "{pNN}".
  static RedisCommand function(std::string_view name, PartitionId partition);
  static RedisCommand with_keys(std::string_view function, std::string_view key1,
                                std::string_view key2);

  // Sets the partition whose keys the command touches. Commands of one partition keep their order;
  // those of different partitions may use different connections.
  RedisCommand& in(PartitionId partition) {
    partition_ = partition;
    return *this;
  }
  PartitionId partition() const { return partition_; }

  RedisCommand& arg(std::string_view value) {
    ++count_;
    number('$', value.size());
    body_.append(value);
    body_.append("\r\n");
    return *this;
  }
  RedisCommand& arg(const char* value) { return arg(std::string_view(value)); }
  RedisCommand& arg(const std::string& value) { return arg(std::string_view(value)); }
  template <std::integral N>
  RedisCommand& arg(N value) {
    char digits[24];
    const auto end = std::to_chars(digits, digits + sizeof digits, value).ptr;
    return arg(std::string_view(digits, static_cast<std::size_t>(end - digits)));
  }
  RedisCommand& arg(Instant at) { return arg(at.ms); }

  // Joins all arguments after the function's key into one if there are many. Redis reads about 16
  // KiB of a connection in each turn of its event loop and syncs between turns, but reads a single
  // argument of 32 KiB or more as far as it has arrived. The function must accept both forms
  // (arguments_of).
  void join_arguments();

  std::size_t bytes() const { return body_.size() + 16; }
  std::string header() const;
  const std::string& body() const { return body_; }

 private:
  void number(char sign, std::size_t n) {
    char digits[24];
    const auto end = std::to_chars(digits, digits + sizeof digits, n).ptr;
    body_ += sign;
    body_.append(digits, end);
    body_.append("\r\n");
  }

  std::string body_;
  std::size_t count_ = 0;
  std::size_t
      arguments_at_ = 0,
      before_arguments_ =
          0;  // of a function: their offset in the body, and the number of arguments before them
  PartitionId partition_ = 0;
};

// Return "{p07}", and "{p07}:d:<id>" for the suffix "d:<id>".
std::string partition_tag(PartitionId partition);
std::string partition_key(PartitionId partition, std::string_view suffix,
                          std::string_view rest = {});

}  // namespace baton
