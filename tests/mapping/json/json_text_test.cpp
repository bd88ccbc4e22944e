#include "mapping/json/json_text.h"

#include <gtest/gtest.h>

#include <random>

#include "mapping/json/json.h"

namespace baton {
namespace {

// Mostly plain texts of lengths around a machine word, with escapes at random places.
std::string any_text(std::mt19937_64& dice) {
  std::string text(dice() % 40, ' ');
  for (char& c : text) c = static_cast<char>(' ' + dice() % 95);
  for (auto odd = dice() % 3; odd > 0 && !text.empty(); --odd)
    text[dice() % text.size()] = static_cast<char>(dice() % 256);
  return text;
}

TEST(TextTail, WritesTextsLikeTheBoostSerializer) {
  for (std::uint64_t seed = 1; seed <= 20'000; ++seed) {
    std::mt19937_64 dice(seed);
    const auto text = any_text(dice);
    const auto wanted = json::serialize(json::value(text));
    std::string quoted = "before";
    append_quoted(quoted, text);
    EXPECT_EQ(quoted, "before" + wanted) << "seed " << seed;
  }
}

TEST(TextTail, MakesRoomForEscapesAndReturnsTheRest) {
  std::string out = "[";
  {
    TextTail tail(out, 64);
    tail.put_quoted("\n\n\n\n\x01\x02\"\\ and more behind").put(',').put_number(INT64_MIN);
    tail.put(',').put('"').put_instant(Instant{1'772'438'400'123}).put('"').put("]");
  }
  EXPECT_EQ(
      out,
      R"(["\n\n\n\n\u0001\u0002\"\\ and more behind",-9223372036854775808,"2026-03-02T08:00:00.123Z"])");
}

}  // namespace
}  // namespace baton
