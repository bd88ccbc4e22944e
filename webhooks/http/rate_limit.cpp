#include "webhooks/http/rate_limit.h"

#include <algorithm>
#include <cstring>

namespace baton {
namespace {

// The finaliser of splitmix64: every bit of the key affects every bit of the result.
std::uint64_t mix(std::uint64_t x) {
  x += 0x9e3779b97f4a7c15ULL;
  x = (x ^ (x >> 30)) * 0xbf58476d1ce4e5b9ULL;
  x = (x ^ (x >> 27)) * 0x94d049bb133111ebULL;
  return x ^ (x >> 31);
}

std::int64_t interval_of(const Rate& rate) {
  return 1'000'000'000 / std::max<std::int64_t>(1, rate.per_second);
}

}  // namespace

RateLimiter::RateLimiter(std::size_t max_keys, std::uint64_t seed)
    : seed_(seed), sets_(std::max<std::size_t>(1, max_keys / kWays)), slots_(sets_ * kWays) {}

std::optional<Duration> RateLimiter::take(std::uint64_t key, const Rate& rate,
                                          std::int64_t now_ns) {
  const auto hash = mix(key ^ seed_);
  const auto set = static_cast<std::size_t>(hash % sets_);
  const std::lock_guard lock(locks_[set % kLocks]);
  Slot* slot = nullptr;
  Slot* spare = &slots_[set * kWays];
  for (std::size_t i = 0; i < kWays; ++i) {
    auto& s = slots_[set * kWays + i];
    if (s.full_at != 0 && s.key == hash) slot = &s;
    if (s.full_at < spare->full_at) spare = &s;
  }
  if (!slot) {
    slot = spare;
    *slot = {hash, now_ns};
  }
  const auto interval = interval_of(rate);
  const auto depth = interval * (std::max<std::int64_t>(1, rate.burst) - 1);
  const auto full_at = std::max(slot->full_at, now_ns);
  const auto over = full_at - now_ns - depth;
  if (over > 0) return Duration{(over + 999'999) / 1'000'000};
  slot->full_at = full_at + interval;
  return std::nullopt;
}

std::uint64_t RateLimiter::key_of(const IpAddress& address) const {
  const auto key = limit_key(address);
  std::uint64_t high = 0, low = 0;
  std::memcpy(&high, key.bytes.data(), 8);
  std::memcpy(&low, key.bytes.data() + 8, 8);
  return mix(high ^ seed_) ^ low;
}

std::optional<Duration> RateLimiter::take(const IpAddress& address, const Rate& rate,
                                          std::int64_t now_ns) {
  return take(key_of(address), rate, now_ns);
}

void RateLimiter::give_back(const IpAddress& address, const Rate& rate) {
  const auto hash = mix(key_of(address) ^ seed_);
  const auto set = static_cast<std::size_t>(hash % sets_);
  const std::lock_guard lock(locks_[set % kLocks]);
  for (std::size_t i = 0; i < kWays; ++i) {
    auto& slot = slots_[set * kWays + i];
    if (slot.full_at != 0 && slot.key == hash)
      slot.full_at = std::max<std::int64_t>(1, slot.full_at - interval_of(rate));
  }
}

std::optional<Duration> RateLimiter::take(std::string_view name, const Rate& rate,
                                          std::int64_t now_ns) {
  std::uint64_t h = 0xcbf29ce484222325ULL;
  for (const char c : name) h = (h ^ static_cast<unsigned char>(c)) * 0x100000001b3ULL;
  return take(h, rate, now_ns);
}

std::int64_t retry_after_seconds(Duration wait) {
  return std::max<std::int64_t>(1, (wait.ms + 999) / 1000);
}

}  // namespace baton
