#include "gateway/store/seal/value_columns.h"

#include <random>

#include <gtest/gtest.h>

#include "mapping/instant.h"

namespace baton {
namespace {

constexpr std::size_t kMost = 1U << 20;

ValueColumns apart(std::string_view text) {
  ValueColumns out;
  out.take(text);
  return out;
}

std::string together(const ValueColumns& parts) {
  std::string text;
  EXPECT_TRUE(put_values_back(parts.rest, parts.values, kMost, text));
  return text;
}

TEST(ValueColumns, SeparatesIdsAndRepeatsThemByNumber) {
  const auto parts = apart(
      R"({"person":"8d281e670cf54b6df8eb","lead":"8d281e670cf54b6df8eb.1","hash":"000102030405060708090a0b0c0d0e0f"})");
  const std::string_view rest(
      "{\"person\":\"\xFF\x0A\",\"lead\":\"\xFE\0.1\",\"hash\":\"\xFF\x10\"}", 41);
  EXPECT_EQ(parts.rest, rest);
}

TEST(ValueColumns, StoresInstantsAsDifferences) {
  const std::string text =
      R"(["2026-11-22T16:21:28.458Z","2026-11-22T16:21:28.459Z","2026-11-22T16:21:00Z"])";
  const auto parts = apart(text);
  EXPECT_EQ(parts.rest, "[\"\xFD\",\"\xFD\",\"\xFD\"]");
  EXPECT_EQ(parts.values.size(), 6U + 1U + 3U);
  EXPECT_EQ(together(parts), text);
}

TEST(ValueColumns, LeavesLookalikesAlone) {
  for (const std::string text :
       {"2026-02-30T10:00:00Z", "2026-11-22T16:21:28.450000Z", "2026-11-22t16:21:28Z",
        "1960-01-01T00:00:00Z", "2026-11-22T16:21:28.000Z", "Z", "0123456789abcde",
        "ABCDEF0123456789ABCDEF"}) {
    EXPECT_EQ(apart(text).rest, text);
    EXPECT_EQ(together(apart(text)), text);
  }
}

TEST(ValueColumns, RestoresRunsOfAnyLength) {
  for (std::size_t length = 0; length < 1100; ++length) {
    const std::string text = "x" + std::string(length, 'a') + "Z" + std::string(length, '7');
    EXPECT_EQ(together(apart(text)), text) << length;
  }
}

std::string piece(std::mt19937_64& random) {
  const auto hex = [&](std::size_t n) {
    std::string out;
    for (; n > 0; --n) out += "0123456789abcdef"[random() % 16];
    return out;
  };
  switch (random() % 6) {
    case 0:
      return hex(random() % 600);
    case 1:
      return to_rfc3339(Instant{static_cast<std::int64_t>(random() % 4'000'000'000'000)});
    case 2:
      return std::string(random() % 4, static_cast<char>(random()));
    case 3:
      return std::string(1, static_cast<char>(0xFC + random() % 4));
    case 4:
      return "0123456789abcdef0123";
    default:
      return R"(","id":")";
  }
}

TEST(ValueColumns, RestoresAnyText) {
  const unsigned seed = std::random_device()();
  SCOPED_TRACE("seed " + std::to_string(seed));
  std::mt19937_64 random(seed);
  for (int i = 0; i < 2'000; ++i) {
    std::string text;
    for (auto pieces = random() % 40; pieces > 0; --pieces) text += piece(random);
    ASSERT_EQ(together(apart(text)), text);
  }
}

TEST(ValueColumns, RefusesDamagedColumns) {
  std::string text;
  EXPECT_FALSE(put_values_back("\xFF", "", kMost, text));  // without a length
  EXPECT_FALSE(put_values_back("\xFF\x10", "short", kMost, text));
  EXPECT_FALSE(
      put_values_back(std::string_view("\xFE\0", 2), "", kMost, text));  // no earlier value
  EXPECT_FALSE(put_values_back("\xFD", "\xFF\xFF", kMost, text));
  EXPECT_FALSE(
      put_values_back("\xFC"
                      "a",
                      "", kMost, text));  // no marker
  EXPECT_FALSE(put_values_back("plain", "left over", kMost, text));
  text.clear();
  EXPECT_FALSE(put_values_back("too long", "", 4, text));
}

// Any changed bit yields an error or another text, never a crash.
TEST(ValueColumns, SurvivesAnyChangedByte) {
  const unsigned seed = std::random_device()();
  SCOPED_TRACE("seed " + std::to_string(seed));
  std::mt19937_64 random(seed);
  for (int i = 0; i < 5'000; ++i) {
    auto parts = apart(piece(random) + piece(random) + piece(random) + piece(random));
    for (auto* side : {&parts.rest, &parts.values}) {
      if (!side->empty()) (*side)[random() % side->size()] = static_cast<char>(random());
    }
    std::string text;
    (void)put_values_back(parts.rest, parts.values, kMost, text);
  }
}

}  // namespace
}  // namespace baton
