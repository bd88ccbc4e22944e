#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "adapters/engine/crm/crm.h"
#include "mapping/instant.h"

namespace baton {

// When an effect is tried again, and when it is given up. Pure: the jitter comes from a seed, so a
// plan can be computed again.
struct RetryPolicy {
  Duration first = seconds(1);     // ceiling of the first wait; doubles with each attempt
  Duration longest = minutes(15);  // ceiling of all waits
  Duration least = milliseconds(100);
  Duration longest_asked = hours(10);  // of Retry-After, however absurd its value
  int most_attempts = 60;
};

struct RetryStep {
  bool give_up = false;
  Duration wait;
};

// `attempt` counts the tries done, from 1. Permanent verdicts give up at once; a duplicate, and a
// credential refused twice, wait for a human and give up too. A destination that is down is waited
// for however long; only where it is well (`healthy`) does an item run out of attempts.
RetryStep next_try(const RetryPolicy& policy, int attempt, const Outcome& outcome,
                   std::uint64_t seed, bool healthy = true);

// A seed for one item's attempt: the same item gets the same waits on any machine.
std::uint64_t retry_seed(std::string_view item, int attempt);

// Whether the verdict speaks of the destination's health (it is down or over budget) rather than of
// the item.
bool is_destination_trouble(Verdict verdict);

// Keeps calls from a destination that fails: after `threshold` failures in a row it opens for a
// while that doubles up to a limit, then lets one probe through. Pure, given now; not thread-safe.
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
  // Whether a call may go now; a half-open breaker says yes once until its outcome is known.
  bool allow(Instant now);
  void succeeded();
  void failed(Instant now);
  // A call that was allowed and then not made gives its place back.
  void not_made() { probing_ = false; }
  State state(Instant now) const;
  // When it may be asked again, where it is open.
  std::optional<Instant> opens_at(Instant now) const;

 private:
  Options options_;
  int failures_ = 0;
  int openings_ = 0;
  bool probing_ = false;
  std::optional<Instant> until_;
};

}  // namespace baton
