#include "mapping/normalise/country.h"

#include <random>

#include <gtest/gtest.h>

#include "mapping/normalise/language.h"
#include "mapping/normalise/word_list.h"

namespace baton {
namespace {

TEST(Country, ReadsCodesAndNamesInSeveralLanguages) {
  for (const char* raw : {"DE", "de", "DEU", "Germany", "GERMANY", "Deutschland", " deutschland ",
                          "D", "Federal Republic of Germany", "Bundesrepublik Deutschland",
                          "Germany (DE)", "Deutschland / Germany", "Allemagne"})
    EXPECT_EQ(normalise_country(raw), "DE") << raw;
  for (const char* raw : {"Österreich", "Oesterreich", "O\xCC\x88sterreich", "AUSTRIA", "aut"})
    EXPECT_EQ(normalise_country(raw), "AT") << raw;
  for (const char* raw : {"Schweiz", "Suisse", "Svizzera", "Switzerland", "CHE"})
    EXPECT_EQ(normalise_country(raw), "CH") << raw;
  for (const char* raw :
       {"UK", "U.K.", "United Kingdom", "Great Britain", "England", "Großbritannien"})
    EXPECT_EQ(normalise_country(raw), "GB") << raw;
  for (const char* raw :
       {"USA", "U.S.A.", "United States", "United States of America", "Vereinigte Staaten"})
    EXPECT_EQ(normalise_country(raw), "US") << raw;
  EXPECT_EQ(normalise_country("Czech Republic"), "CZ");
  EXPECT_EQ(normalise_country("Tschechien"), "CZ");
  EXPECT_EQ(normalise_country("España"), "ES");
  EXPECT_EQ(normalise_country("Korea, Republic of"), "KR");
  EXPECT_EQ(normalise_country("South Korea"), "KR");
  EXPECT_EQ(normalise_country("Türkei"), "TR");
  EXPECT_EQ(normalise_country("日本"), "JP");
  EXPECT_EQ(normalise_country("Россия"), normalise_country("Russland"));
}

TEST(Country, IsEmptyForOtherTexts) {
  for (const char* raw : {"", "-", "XX", "Atlantis", "Bayern", "12", "\xFF"})
    EXPECT_EQ(normalise_country(raw), "") << raw;
}

TEST(Country, ReadsEveryNameInItsList) {
  const auto rows = data_rows("countries.tsv");
  EXPECT_EQ(rows.size(), 250U);
  for (const auto& row : rows) {
    EXPECT_EQ(normalise_country(row[0]), row[0]);
    EXPECT_EQ(normalise_country(row[1]), row[0]);
    EXPECT_EQ(normalise_country(row[2]), row[0]) << row[2];
  }
}

TEST(Language, ReadsTagsCodesAndNames) {
  for (const char* raw : {"de", "DE", "de-DE", "de_AT.UTF-8", "deu", "ger", "German", "Deutsch",
                          "deutsch (Sie)", "de-DE,de;q=0.9", "German (Germany)", "Allemand"})
    EXPECT_EQ(normalise_language(raw), "de") << raw;
  EXPECT_EQ(normalise_language("en_US"), "en");
  EXPECT_EQ(normalise_language("Englisch"), "en");
  EXPECT_EQ(normalise_language("Français"), "fr");
  EXPECT_EQ(normalise_language("Französisch"), "fr");
  EXPECT_EQ(normalise_language("Español"), "es");
  EXPECT_EQ(normalise_language("pt-BR"), "pt");
  EXPECT_EQ(normalise_language("Nederlands"), "nl");
  for (const char* raw : {"", "-", "xx", "Klingonisch", "x-klingon", "\xFF"})
    EXPECT_EQ(normalise_language(raw), "") << raw;
}

TEST(Language, ReadsEveryNameInItsList) {
  for (const auto& row : data_rows("languages.tsv")) {
    EXPECT_EQ(normalise_language(row[0]), row[0]);
    EXPECT_EQ(normalise_language(row[1]), row[0]);
  }
}

TEST(Country, SurvivesAnyBytes) {
  for (std::uint64_t seed = 0; seed < 3000; ++seed) {
    std::mt19937_64 random(seed);
    std::string raw;
    for (std::uint64_t n = random() % 12; n > 0; --n) raw += static_cast<char>(random());
    const std::string country = normalise_country(raw);
    EXPECT_EQ(normalise_country(country), country) << "seed " << seed;
    const std::string language = normalise_language(raw);
    EXPECT_EQ(normalise_language(language), language) << "seed " << seed;
  }
}

}  // namespace
}  // namespace baton
