#pragma once

#include <cstdint>

#include "mapping/instant.h"

namespace baton {

// Points that halve every half-life, in integers only, so that every machine gets the same score:
// a table of 2^(-k/1024) with linear interpolation. The relative error is below 10^-7 (0.01
// milli-points of 100 points), and a greater age never gives more.
class HalfLife {
 public:
  // At least a minute and at most ten years (the schema and load_scoring see to it).
  explicit HalfLife(Duration half_life)
      : inverse_(UINT64_MAX / static_cast<std::uint64_t>(half_life.ms)) {}

  // What is left of so many milli-points (at most 2^31 of either sign) after `age_ms`.
  std::int64_t apply(std::int64_t points, std::int64_t age_ms) const;

 private:
  std::uint64_t inverse_;  // half-lives per millisecond, 64 binary places
};

}  // namespace baton
