#pragma once

#include <array>
#include <cstdint>
#include <mutex>
#include <optional>
#include <string_view>
#include <vector>

#include "mapping/instant.h"
#include "webhooks/http/client_address.h"

namespace baton {

// Average number per second, and the burst that is allowed at once.
struct Rate {
  std::int64_t per_second = 50;
  std::int64_t burst = 200;
};

// Token buckets for any number of keys in bounded memory, implemented as the generic cell rate
// algorithm with one time for each key. The table is set-associative. A full set forgets the key
// closest to a full bucket, whose holder gains the least. The seed prevents attackers from
// targeting one set. Pure given `now_ns` (steady clock). Thread-safe.
class RateLimiter {
 public:
  explicit RateLimiter(std::size_t max_keys, std::uint64_t seed = 0);

  // Takes one token. Returns empty if there was one, otherwise the wait for the next.
  std::optional<Duration> take(std::uint64_t key, const Rate& rate, std::int64_t now_ns);
  std::optional<Duration> take(const IpAddress& address, const Rate& rate, std::int64_t now_ns);
  std::optional<Duration> take(std::string_view name, const Rate& rate, std::int64_t now_ns);
  // Returns a token of this address, because the request that took it does not count.
  void give_back(const IpAddress& address, const Rate& rate);

 private:
  static constexpr std::size_t kWays = 8;
  static constexpr std::size_t kLocks = 16;
  struct Slot {
    std::uint64_t key = 0;
    std::int64_t full_at = 0;  // when the bucket is full again; 0: free
  };

  std::uint64_t key_of(const IpAddress& address) const;

  const std::uint64_t seed_;
  std::size_t sets_;
  std::vector<Slot> slots_;
  std::array<std::mutex, kLocks> locks_;
};

// Returns whole seconds for a Retry-After field, at least 1.
std::int64_t retry_after_seconds(Duration wait);

}  // namespace baton
