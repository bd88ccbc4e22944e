#include "gateway/core/scoring/score_decay.h"

namespace baton {
namespace {

__extension__ using Wide = unsigned __int128;

constexpr std::uint64_t root(Wide square) {
  std::uint64_t result = 0;
  for (int bit = 62; bit >= 0; --bit) {
    const std::uint64_t tried = result | (std::uint64_t{1} << bit);
    if (Wide{tried} * tried <= square) result = tried;
  }
  return result;
}

// 2^(-k/1024) with 32 binary places for k in 0..1024, from repeated square roots of 1/2.
constexpr std::array<std::uint64_t, kDecaySteps + 1> make_table() {
  constexpr std::uint64_t kOne = std::uint64_t{1} << 62;
  std::array<std::uint64_t, 10> roots{};  // roots[j] = 2^(-2^j/1024), 62 places
  std::uint64_t factor = kOne / 2;
  for (std::size_t j = roots.size(); j-- > 0;) roots[j] = factor = root(Wide{factor} << 62);
  std::array<std::uint64_t, kDecaySteps + 1> table{};
  for (unsigned k = 0; k < kDecaySteps; ++k) {
    std::uint64_t value = kOne;
    for (std::size_t j = 0; j < roots.size(); ++j) {
      if ((k >> j & 1U) != 0) value = static_cast<std::uint64_t>(Wide{value} * roots[j] >> 62);
    }
    table[k] = value >> 30;
  }
  table[kDecaySteps] = std::uint64_t{1} << 31;
  return table;
}

}  // namespace

constexpr std::array<std::uint64_t, kDecaySteps + 1> kDecayTable = make_table();

}  // namespace baton
