#pragma once

#include "mapping/instant.h"

namespace baton {

// The only place where Baton reads a clock. Decisions never do: they get the store's time.
class Clock {
 public:
  virtual ~Clock() = default;
  virtual Instant now() const = 0;             // wall time
  virtual std::int64_t steady_ns() const = 0;  // never goes back; for waits and lateness
};

const Clock& system_clock();

// For waits and ages: an instant of a clock that nobody sets. Its zero means nothing.
inline Instant steady_now(const Clock& clock = system_clock()) {
  return {clock.steady_ns() / 1'000'000};
}

}  // namespace baton
