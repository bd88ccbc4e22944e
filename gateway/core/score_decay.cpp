#include "gateway/core/score_decay.h"

#include <array>

namespace baton {
namespace {

__extension__ using Wide = unsigned __int128;

constexpr unsigned kSteps = 1024;

constexpr std::uint64_t root(Wide square) {
  std::uint64_t result = 0;
  for (int bit = 62; bit >= 0; --bit) {
    const std::uint64_t tried = result | (std::uint64_t{1} << bit);
    if (Wide{tried} * tried <= square) result = tried;
  }
  return result;
}

// 2^(-k/1024) with 32 binary places for k in 0..1024, from repeated square roots of 1/2.
constexpr std::array<std::uint64_t, kSteps + 1> make_table() {
  constexpr std::uint64_t kOne = std::uint64_t{1} << 62;
  std::array<std::uint64_t, 10> roots{};  // roots[j] = 2^(-2^j/1024), 62 places
  std::uint64_t factor = kOne / 2;
  for (std::size_t j = roots.size(); j-- > 0;) roots[j] = factor = root(Wide{factor} << 62);
  std::array<std::uint64_t, kSteps + 1> table{};
  for (unsigned k = 0; k < kSteps; ++k) {
    std::uint64_t value = kOne;
    for (std::size_t j = 0; j < roots.size(); ++j) {
      if ((k >> j & 1U) != 0) value = static_cast<std::uint64_t>(Wide{value} * roots[j] >> 62);
    }
    table[k] = value >> 30;
  }
  table[kSteps] = std::uint64_t{1} << 31;
  return table;
}

constexpr auto kTable = make_table();

}  // namespace

std::int64_t HalfLife::apply(std::int64_t points, std::int64_t age_ms) const {
  if (age_ms <= 0) return points;
  const auto lives =
      static_cast<std::uint64_t>(Wide{static_cast<std::uint64_t>(age_ms)} * inverse_ >> 32);
  const std::uint64_t whole = lives >> 32;
  if (whole > 31) return 0;
  const auto fraction = static_cast<std::uint32_t>(lives);
  const std::uint32_t step = fraction >> 22;
  const std::uint64_t rest = fraction & ((1U << 22) - 1);
  const std::uint64_t factor = kTable[step] - ((kTable[step] - kTable[step + 1]) * rest >> 22);
  const auto size = static_cast<std::uint64_t>(points < 0 ? -points : points);
  const auto left = static_cast<std::int64_t>((size * factor >> 32) >> whole);
  return points < 0 ? -left : left;
}

}  // namespace baton
