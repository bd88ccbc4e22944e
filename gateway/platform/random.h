#pragma once

#include <cstdint>
#include <span>
#include <string>

namespace baton {

// Randomness from the operating system (OpenSSL's generator). Decisions never use it; ids, nonces
// and jitter do. The three seams that tests mock are clock, HTTP transport and this.
class Random {
 public:
  virtual ~Random() = default;
  virtual void fill(std::span<unsigned char> out) = 0;
};

Random& system_random();

// `bytes` random bytes as lower-case hex.
std::string random_hex(std::size_t bytes, Random& random = system_random());
// 0 <= n < bound, without bias that matters (bound below 2^32).
std::uint64_t random_below(std::uint64_t bound, Random& random = system_random());

}  // namespace baton
