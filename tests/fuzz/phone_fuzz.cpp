#include <algorithm>
#include <string>

#include "mapping/normalise/phone.h"
#include "tests/fuzz/fuzz.h"

namespace baton::fuzz {
namespace {

// A region (or an empty line), then the number.
void run(std::string_view bytes) {
  Input input(bytes);
  const auto region = input.line();
  const auto once = normalise_phone(input.rest(), region);
  if (!once) return;
  require(
      once->size() >= 2 && once->size() <= 16 && once->front() == '+' &&
          std::all_of(once->begin() + 1, once->end(), [](char c) { return c >= '0' && c <= '9'; }),
      "a number is E.164: a plus and at most fifteen digits");
  require(normalise_phone(*once, region) == once && normalise_phone(*once, "") == once,
          "a number is normalised once, wherever");
}

const Target kTarget("phone", run);

}  // namespace
}  // namespace baton::fuzz
