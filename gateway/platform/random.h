#pragma once

#include <cstdint>
#include <span>
#include <string>

namespace baton {

// Random bytes from OpenSSL's generator. Ids, nonces and jitter use it; decisions never do. Tests
// mock three interfaces: clock, HTTP transport and this one.
class Random {
 public:
  virtual ~Random() = default;
  virtual void fill(std::span<unsigned char> out) = 0;
};

Random& system_random();

// Returns `bytes` random bytes as lower-case hex.
std::string random_hex(std::size_t bytes, Random& random = system_random());
// Returns 0 <= n < bound, with negligible bias (bound below 2^32).
std::uint64_t random_below(std::uint64_t bound, Random& random = system_random());

}  // namespace baton
