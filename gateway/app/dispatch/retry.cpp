#include "gateway/app/dispatch/retry.h"

#include <algorithm>
#include <utility>

namespace baton {
namespace {

// SplitMix64: one step is enough to spread a seed.
std::uint64_t mix(std::uint64_t x) {
  x += 0x9E3779B97F4A7C15ULL;
  x = (x ^ (x >> 30)) * 0xBF58476D1CE4E5B9ULL;
  x = (x ^ (x >> 27)) * 0x94D049BB133111EBULL;
  return x ^ (x >> 31);
}

Duration doubled(Duration first, int times, Duration limit) {
  Duration value = first;
  for (int i = 0; i < times && value < limit; ++i) value.ms *= 2;
  return std::min(value, limit);
}

bool is_final(Verdict verdict, int attempt) {
  switch (verdict) {
    case Verdict::kPermanentData:
    case Verdict::kPermanentConfig:
    case Verdict::kDuplicate:
      return true;
    case Verdict::kReauthOnce:
      return attempt > 1;
    default:
      return false;
  }
}

}  // namespace

RetryStep next_try(const RetryPolicy& policy, int attempt, const Outcome& outcome,
                   std::uint64_t seed, bool healthy) {
  attempt = std::max(attempt, 1);
  if (is_final(outcome.verdict, attempt) || (healthy && attempt >= policy.most_attempts))
    return {true, {}};
  // Full jitter: a wait between the least wait and the ceiling. Items that failed together are then
  // not retried together.
  const Duration ceiling = doubled(policy.first, attempt - 1, policy.longest);
  const auto span =
      static_cast<std::uint64_t>(std::max<std::int64_t>(1, ceiling.ms - policy.least.ms));
  Duration wait = policy.least + milliseconds(static_cast<std::int64_t>(mix(seed) % span));
  if (outcome.retry_after && outcome.verdict != Verdict::kUnknown) {
    // The wait is at least the requested time. Up to a tenth more spreads the calls.
    const Duration asked = std::clamp(*outcome.retry_after, Duration{0}, policy.longest_asked);
    const auto spread = static_cast<std::uint64_t>(std::max<std::int64_t>(1, asked.ms / 10));
    wait = std::min(asked + milliseconds(static_cast<std::int64_t>(mix(seed) % spread)),
                    policy.longest_asked);
  }
  return {false, std::max(wait, policy.least)};
}

std::uint64_t retry_seed(std::string_view item, int attempt) {
  std::uint64_t hash = 0xCBF29CE484222325ULL;  // FNV-1a
  for (const char c : item) hash = (hash ^ static_cast<unsigned char>(c)) * 0x100000001B3ULL;
  return mix(hash + static_cast<std::uint64_t>(attempt));
}

bool is_destination_trouble(Verdict verdict) {
  return verdict == Verdict::kRetryBackoff || verdict == Verdict::kRetryAfter ||
         verdict == Verdict::kUnknown;
}

bool Breaker::allow(Instant now) {
  if (!until_) return true;
  if (now < *until_ || probing_) return false;
  probing_ = true;
  return true;
}

void Breaker::succeeded() {
  failures_ = 0;
  openings_ = 0;
  probing_ = false;
  until_.reset();
}

void Breaker::failed(Instant now) {
  ++failures_;
  const bool probe_failed = std::exchange(probing_, false);
  if (!probe_failed && (until_ || failures_ < options_.threshold)) return;
  until_ = now + doubled(options_.first_open, openings_, options_.longest_open);
  ++openings_;
}

Breaker::State Breaker::state(Instant now) const {
  if (!until_) return State::kClosed;
  return now < *until_ ? State::kOpen : State::kHalfOpen;
}

std::optional<Instant> Breaker::opens_at(Instant now) const {
  return until_ && now < *until_ ? until_ : std::nullopt;
}

}  // namespace baton
