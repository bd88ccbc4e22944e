#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "adapters/engine/crm/crm.h"
#include "mapping/instant.h"

namespace baton {

// Decides when an effect is tried again, and when it is given up. Pure: the jitter comes from a
// seed, so a plan can be computed again.
struct RetryPolicy {
  Duration first = seconds(1);     // ceiling of the first wait; it doubles with each attempt
  Duration longest = minutes(15);  // ceiling of all waits
  Duration least = milliseconds(100);
  Duration longest_asked = hours(10);  // the most that a Retry-After may ask for
  int most_attempts = 60;
};

struct RetryStep {
  bool give_up = false;
  Duration wait;
};

// `attempt` counts the attempts made, from 1. Permanent verdicts give up at once. Duplicates, and
// credentials that were refused twice, need an operator and give up, too. A destination that is
// down is retried without a limit. Attempts run out only if the destination is `healthy`.
RetryStep next_try(const RetryPolicy& policy, int attempt, const Outcome& outcome,
                   std::uint64_t seed, bool healthy = true);

// The seed for an item's attempt. An item gets the same waits on every machine.
std::uint64_t retry_seed(std::string_view item, int attempt);

// Whether the verdict concerns the destination, which is down or over budget, and not the item.
bool is_destination_trouble(Verdict verdict);

// Stops calls to a destination that fails. After `threshold` failures in a row it opens. It stays
// open for a time that doubles up to a limit, and then lets one probe through. Pure: the time is an
// argument. Not thread-safe.
class Breaker {
 public:
  struct Options {
    int threshold = 5;
    Duration first_open = seconds(5);
    Duration longest_open = minutes(5);
  };
  enum class State { kClosed, kOpen, kHalfOpen };

  Breaker() = default;
  explicit Breaker(Options options) : options_(options) {}
  // Whether a call may be made now. A half-open breaker allows one call, until its outcome is
  // known.
  bool allow(Instant now);
  void succeeded();
  void failed(Instant now);
  // The allowed call was not made.
  void not_made() { probing_ = false; }
  State state(Instant now) const;
  // The time at which an open breaker allows a call.
  std::optional<Instant> opens_at(Instant now) const;

 private:
  Options options_;
  int failures_ = 0;
  int openings_ = 0;
  bool probing_ = false;
  std::optional<Instant> until_;
};

}  // namespace baton
