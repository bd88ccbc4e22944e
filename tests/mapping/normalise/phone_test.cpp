#include "mapping/normalise/phone.h"

#include <random>

#include <gtest/gtest.h>
#include <phonenumbers/phonenumberutil.h>

namespace baton {
namespace {

std::string phone(std::string_view raw, std::string_view region = "DE") {
  return normalise_phone(raw, region).value_or("-");
}

TEST(Phone, ReadsTheUsualSpellings) {
  for (const char* raw :
       {"089 1234567", "089/1234567", "(089) 123 45 67", "+49 89 1234567", "+49 (0)89 1234567",
        "0049 89 1234567", "0049(0)89-1234567", "+4989/1234567", " +49.89.1234567 ",
        "tel:+49-89-1234567", "tel:+49-89-1234567;phone-context=x", "+49891234567",
        "\xE2\x80\xAA+49 89 1234567\xE2\x80\xAC", "49891234567", "089-1234567 ext. 12",
        "089 1234567 / 0171 1234567", "089 1234567, 0171 1234567"})
    EXPECT_EQ(phone(raw), "+49891234567") << raw;
}

TEST(Phone, KeepsTheZeroThatBelongsToAnItalianNumber) {
  EXPECT_EQ(phone("+39 06 12345678"), "+390612345678");
  EXPECT_EQ(phone("+39 (0)6 12345678"), "+390612345678");
}

TEST(Phone, UsesTheDefaultRegion) {
  EXPECT_EQ(phone("(281) 332-2575", "US"), "+12813322575");
  EXPECT_EQ(phone("(281) 332-2575", "us"), "+12813322575");
  EXPECT_EQ(phone("0664 1234567", "AT"), "+436641234567");
  EXPECT_EQ(phone("044 668 18 00", "CH"), "+41446681800");
  EXPECT_EQ(phone("089 1234567", ""), "-") << "no region, no country code";
  EXPECT_EQ(phone("089 1234567", "XX"), "-");
  EXPECT_EQ(phone("+49 89 1234567", ""), "+49891234567");
}

TEST(Phone, AcceptsPossibleButUnknownNumbers) {
  EXPECT_EQ(phone("(555) 555-5555", "US"), "+15555555555");
  EXPECT_EQ(phone("+1-555-123-4567"), "+15551234567");
  EXPECT_EQ(phone("11111111"), "+4911111111");
}

TEST(Phone, RefusesGarbage) {
  for (const char* raw :
       {"", "-", "n/a", "unknown", "12", "000000000", "+", "+0", "call me", "+999 123456789",
        "12345678901234567890", "tel:", "tel:;phone-context=+49", "<script>alert(1)</script>",
        "e@x.de", "\xFF\xFE 089 1234567"})
    EXPECT_EQ(phone(raw), "-") << raw;
  EXPECT_EQ(phone(std::string(10'000, '1')), "-");
}

std::string by_library(const std::string& text, const std::string& region = "ZZ") {
  using i18n::phonenumbers::PhoneNumber;
  using i18n::phonenumbers::PhoneNumberUtil;
  const auto* util = PhoneNumberUtil::GetInstance();
  PhoneNumber number;
  std::string out = "-";
  if (util->Parse(text, region, &number) == PhoneNumberUtil::NO_PARSING_ERROR &&
      util->IsPossibleNumberWithReason(number) == PhoneNumberUtil::IS_POSSIBLE)
    util->Format(number, PhoneNumberUtil::E164, &out);
  return out;
}

TEST(Phone, TakesTheFastPathOnlyIfTheLibraryAgrees) {
  static constexpr std::string_view kCodes[] = {"+49", "+43", "+41", "+33", "+31",
                                                "+1",  "+44", "+39", "+7"};
  for (std::uint64_t seed = 0; seed < 12'000; ++seed) {
    std::mt19937_64 random(seed);
    std::string text(kCodes[random() % std::size(kCodes)]);
    for (std::uint64_t n = 4 + random() % 10; n > 0; --n)
      text += static_cast<char>('0' + random() % 10);
    std::string expected = by_library(text);
    if (by_library(expected) != expected || expected.size() > 16) expected = "-";
    ASSERT_EQ(phone(text, ""), expected) << "seed " << seed << ": " << text;
  }
}

TEST(Phone, ReadsSeparatorsAndTrunkPrefixesLikeTheLibrary) {
  static constexpr std::string_view kRegions[] = {"DE", "AT", "CH", "FR", "NL", "US", "GB"};
  static constexpr std::string_view kSeparators[] = {"", "", "", " ", "-", "/", ".", " / ", "("};
  for (std::uint64_t seed = 0; seed < 12'000; ++seed) {
    std::mt19937_64 random(seed);
    const std::string region(kRegions[random() % std::size(kRegions)]);
    std::string text = region == "US" ? "" : "0";
    for (std::uint64_t n = 6 + random() % 7; n > 0; --n) {
      text += static_cast<char>('0' + random() % 10);
      text += kSeparators[random() % std::size(kSeparators)];
    }
    // For Baton two leading zeros are an international prefix, whatever the region.
    std::string digits = text;
    std::erase_if(digits, [](char c) { return c < '0' || c > '9'; });
    if (digits.starts_with("00") || text.find("(0)") != std::string::npos) continue;
    std::string expected = by_library(text, region);
    if (by_library(expected) != expected || expected.size() > 16) expected = "-";
    const std::string ours = phone(text, region);
    if (expected == "-" && text.find(" / ") != std::string::npos) continue;  // two numbers
    ASSERT_EQ(ours, expected) << "seed " << seed << ": " << text << " " << region;
  }
}

TEST(Phone, IsIdempotentOnAnyText) {
  static constexpr std::string_view kPieces[] = {
      "+", "0",   "00", "49",   "1", "2", "89", "(0)", " ",    "/",   "-",
      "x", "ext", "٣",  "\xFF", "(", ")", ";",  ",",   "tel:", "123", "4567"};
  int taken = 0;
  for (std::uint64_t seed = 0; seed < 8000; ++seed) {
    std::mt19937_64 random(seed);
    std::string raw;
    for (std::uint64_t n = random() % 9; n > 0; --n) raw += kPieces[random() % std::size(kPieces)];
    const auto once = normalise_phone(raw, "DE");
    if (!once) continue;
    ++taken;
    EXPECT_EQ(normalise_phone(*once, "DE"), once) << "seed " << seed << ": " << raw;
    EXPECT_EQ(normalise_phone(*once, ""), once) << "seed " << seed << ": " << raw;
  }
  EXPECT_GT(taken, 500);
}

}  // namespace
}  // namespace baton
