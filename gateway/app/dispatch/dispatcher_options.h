#pragma once

#include <cstddef>

#include "gateway/app/dispatch/retry.h"
#include "mapping/instant.h"

namespace baton {

struct DispatcherOptions {
  RetryPolicy retry;
  Breaker::Options breaker;
  std::size_t calls_in_flight = 4;      // the most for each destination at a time
  Duration grace = seconds(5);          // the longest that stop() waits for answers
  Duration longest_sleep = seconds(1);  // a worker reads the store at least this often
};

}  // namespace baton
