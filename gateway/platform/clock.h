#pragma once

#include "mapping/instant.h"

namespace baton {

// The only place where Baton reads a clock. Decisions do not: they get the store's time.
class Clock {
 public:
  virtual ~Clock() = default;
  virtual Instant now() const = 0;             // wall time
  virtual std::int64_t steady_ns() const = 0;  // never goes back; for waits and delays
};

const Clock& system_clock();

// Returns an instant for waits and ages, from a clock that is never set. Its zero has no meaning.
inline Instant steady_now(const Clock& clock = system_clock()) {
  return {clock.steady_ns() / 1'000'000};
}

}  // namespace baton
