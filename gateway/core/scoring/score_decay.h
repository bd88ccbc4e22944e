#pragma once

#include <array>
#include <cstdint>

#include "mapping/instant.h"

namespace baton {

inline constexpr unsigned kDecaySteps = 1024;
// 2^(-k/1024), 32 binary places.
extern const std::array<std::uint64_t, kDecaySteps + 1> kDecayTable;

// Exponential decay in integers, so that every machine computes the same score: a table of
// 2^(-k/1024) with linear interpolation. The relative error is below 10^-7 (0.01 milli-points of
// 100 points). A greater age never gives more points.
class HalfLife {
 public:
  // At least a minute and at most ten years; the schema and load_scoring check that.
  explicit HalfLife(Duration half_life)
      : inverse_(UINT64_MAX / static_cast<std::uint64_t>(half_life.ms)) {}

  // The rest of these milli-points (at most 2^31 of either sign) after `age_ms`.
  std::int64_t apply(std::int64_t points, std::int64_t age_ms) const {
    if (age_ms <= 0) return points;
    const auto lives =
        static_cast<std::uint64_t>(Wide{static_cast<std::uint64_t>(age_ms)} * inverse_ >> 32);
    const std::uint64_t whole = lives >> 32;
    if (whole > 31) return 0;
    const auto fraction = static_cast<std::uint32_t>(lives);
    const std::uint32_t step = fraction >> 22;
    const std::uint64_t rest = fraction & ((1U << 22) - 1);
    const std::uint64_t here = kDecayTable[step];
    const std::uint64_t factor = here - ((here - kDecayTable[step + 1]) * rest >> 22);
    const auto size = static_cast<std::uint64_t>(points < 0 ? -points : points);
    const auto left = static_cast<std::int64_t>((size * factor >> 32) >> whole);
    return points < 0 ? -left : left;
  }

 private:
  __extension__ using Wide = unsigned __int128;

  std::uint64_t inverse_;  // half-lives per millisecond, 64 binary places
};

}  // namespace baton
