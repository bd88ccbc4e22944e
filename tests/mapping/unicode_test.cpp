#include "mapping/unicode.h"

#include <random>

#include <gtest/gtest.h>

namespace baton {
namespace {

TEST(Unicode, TidiesWhitespaceMarksAndControls) {
  EXPECT_EQ(tidy("  a\t\r\n b\x01 "), "a b");
  EXPECT_EQ(tidy("\xEF\xBB\xBF"
                 "a\xC2\xA0\xE2\x80\x8B"
                 "b"),
            "a b");
  EXPECT_EQ(tidy("o\xCC\x88"), "ö");
  EXPECT_EQ(tidy("\xFF"), "\xEF\xBF\xBD");
}

TEST(Unicode, FoldsForComparison) {
  EXPECT_EQ(fold("Müller & Söhne"), "mueller & soehne");
  EXPECT_EQ(fold("GROẞE STRAßE"), "grosse strasse");
  EXPECT_EQ(fold("Co.KG"), "co kg");
  EXPECT_EQ(fold("S.p.A."), "spa");
  EXPECT_EQ(fold("Æther Łódź Ørsted"), "aether lodz oersted");
  EXPECT_EQ(fold("Ω ПРИВЕТ"), "ω привет");
  EXPECT_EQ(fold("  --  "), "");
}

TEST(Unicode, ChangesAndDetectsCase) {
  EXPECT_EQ(to_lower("ÄÖÜ Σ"), "äöü σ");
  EXPECT_EQ(to_upper("straße"), "STRASSE");
  EXPECT_EQ(capitalise("ANNA-LENA O'NEIL"), "Anna-Lena O'Neil");
  EXPECT_EQ(capitalise("ÉMILE ZOLA"), "Émile Zola");
  EXPECT_EQ(letter_case("ABC 1"), LetterCase::kUpper);
  EXPECT_EQ(letter_case("äb"), LetterCase::kLower);
  EXPECT_EQ(letter_case("Äb"), LetterCase::kMixed);
  EXPECT_EQ(letter_case("日本 1"), LetterCase::kNone);
}

TEST(Unicode, ReadsOtherBytesAsLatin1) {
  EXPECT_EQ(as_utf8("msg_1"), "msg_1");
  EXPECT_EQ(as_utf8("m\u00fcller"), "m\u00fcller");
  EXPECT_EQ(as_utf8("m\xfcller"), "m\u00fcller");
  EXPECT_NE(as_utf8("\xe4"), as_utf8("\xe5"));
}

TEST(Unicode, RecognisesUtf8) {
  EXPECT_TRUE(is_utf8("ä日😀"));
  EXPECT_FALSE(is_utf8("\xC3"));
  EXPECT_FALSE(is_utf8("\xED\xA0\x80"));
  EXPECT_EQ(count_characters("ä日😀"), 3U);
}

TEST(Unicode, IsIdempotentAndTotalOnAnyBytes) {
  for (std::uint64_t seed = 0; seed < 5000; ++seed) {
    std::mt19937_64 random(seed);
    std::string raw;
    for (std::uint64_t n = random() % 24; n > 0; --n) {
      if (random() % 2 == 0)
        raw += static_cast<char>(random());
      else
        raw += std::array<const char*, 8>{
            "ä", "o\xCC\x88", "İ", "ß", "ﬁ", " ", "½", "ǅ"}[random() % 8];
    }
    const std::string tidied = tidy(raw);
    EXPECT_EQ(tidy(tidied), tidied) << "seed " << seed;
    EXPECT_TRUE(is_utf8(tidied)) << "seed " << seed;
    const std::string folded = fold(raw);
    EXPECT_EQ(fold(folded), folded) << "seed " << seed;
    EXPECT_TRUE(is_utf8(folded)) << "seed " << seed;
    const std::string lower = to_lower(raw);
    EXPECT_EQ(to_lower(lower), lower) << "seed " << seed;
    capitalise(raw);
  }
}

}  // namespace
}  // namespace baton
