#include "mapping/normalise/company.h"

#include <random>

#include <gtest/gtest.h>

namespace baton {
namespace {

TEST(Company, FindsTheLegalForm) {
  const std::pair<const char*, const char*> kCases[] = {
      {"Beispiel GmbH", "GmbH"},
      {"Beispiel GmbH & Co. KG", "GmbH & Co. KG"},
      {"Beispiel GmbH&Co.KG", "GmbH & Co. KG"},
      {"Beispiel GmbH und Co KG", "GmbH & Co. KG"},
      {"Beispiel AG", "AG"},
      {"Beispiel KG", "KG"},
      {"Beispiel UG (haftungsbeschränkt)", "UG (haftungsbeschränkt)"},
      {"Beispiel UG", "UG (haftungsbeschränkt)"},
      {"Beispiel e.K.", "e.K."},
      {"Beispiel eG", "eG"},
      {"Beispiel SE", "SE"},
      {"Beispiel OHG", "OHG"},
      {"Beispiel GbR", "GbR"},
      {"Sample Ltd.", "Ltd."},
      {"Sample Limited", "Ltd."},
      {"Widgets Inc.", "Inc."},
      {"Exemple S.A.", "S.A."},
      {"Voorbeeld B.V.", "B.V."},
      {"Esempio S.p.A.", "S.p.A."},
      {"Esempio S.r.l.", "S.r.l."},
      {"Exemple S.à r.l.", "S.à r.l."},
      {"Przykład Sp. z o.o.", "Sp. z o.o."},
      {"Příklad s.r.o.", "s.r.o."},
      {"Eksempel A/S", "A/S"},
      {"Beispiel Ges.m.b.H.", "GmbH"},
      {"Beispiel SE & Co. KGaA", "SE & Co. KGaA"},
      {"BrightTech Solutions", ""},
      {"Magenta", ""},
      {"SAP SE", "SE"}};
  for (const auto& [raw, form] : kCases) EXPECT_EQ(normalise_company(raw).legal_form, form) << raw;
}

TEST(Company, MatchesSpellingsOfOneName) {
  for (const char* raw : {"Müller & Söhne GmbH", "MUELLER & SOEHNE GMBH", "Müller und Söhne",
                          "Mu\xCC\x88ller + Söhne AG", " \"Müller  & Söhne\" "})
    EXPECT_EQ(normalise_company(raw).match_key, "mueller soehne") << raw;
  EXPECT_NE(normalise_company("Muller").match_key, normalise_company("Müller").match_key);
  EXPECT_EQ(normalise_company("Café Crème SARL").match_key, "cafe creme");
  EXPECT_EQ(normalise_company("O'Reilly's Ltd").match_key, "oreillys");
}

TEST(Company, KeepsTheNameAsSent) {
  EXPECT_EQ(normalise_company("  Salesforce.com   Inc. ").name, "Salesforce.com Inc.");
  EXPECT_EQ(normalise_company("Beispiel GmbH").name, "Beispiel GmbH");
  EXPECT_EQ(normalise_company("").name, "");
  EXPECT_EQ(normalise_company("--").name, "");
  EXPECT_EQ(normalise_company("GmbH").match_key, "gmbh");
  EXPECT_EQ(normalise_company("日本株式会社").match_key, "日本株式会社");
}

TEST(Company, IsIdempotentOnAnyText) {
  static constexpr std::string_view kPieces[] = {
      "GmbH", "&",   "Co.", "KG",   "Müller",    "\"", " ", ".", "S.", "A", "ß",
      "\xFF", "und", "İ",   "日本", "o\xCC\x88", "'",  "+", "/", "(",  ")"};
  for (std::uint64_t seed = 0; seed < 10'000; ++seed) {
    std::mt19937_64 random(seed);
    std::string raw;
    for (std::uint64_t n = random() % 8; n > 0; --n) raw += kPieces[random() % std::size(kPieces)];
    const Company once = normalise_company(raw);
    const Company twice = normalise_company(once.name);
    ASSERT_EQ(twice.name, once.name) << "seed " << seed;
    ASSERT_EQ(twice.match_key, once.match_key) << "seed " << seed;
    ASSERT_EQ(twice.legal_form, once.legal_form) << "seed " << seed;
  }
}

}  // namespace
}  // namespace baton
