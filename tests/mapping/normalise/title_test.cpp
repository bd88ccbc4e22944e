#include "mapping/normalise/title.h"

#include <random>

#include <gtest/gtest.h>

namespace baton {
namespace {

struct Case {
  const char* raw;
  const char* level;
  const char* function;
};

void expect_all(std::initializer_list<Case> cases) {
  for (const Case& c : cases) {
    const Title title = classify_title(c.raw);
    EXPECT_EQ(title.level, c.level) << c.raw;
    EXPECT_EQ(title.function, c.function) << c.raw;
  }
}

TEST(Title, SplitsGermanCompoundsByTheirSuffix) {
  expect_all({{"Vertriebsleiter", "director", "sales"},
              {"Vertriebsleiterin", "director", "sales"},
              {"Leiter Einkauf", "director", "purchasing"},
              {"Einkaufsleitung", "director", "purchasing"},
              {"Bereichsleiter Produktion", "vp", "production"},
              {"Abteilungsleiter Logistik", "director", "logistics"},
              {"Teamleiterin Innendienst", "manager", "sales"},
              {"IT-Leiter", "director", "it"},
              {"Leitung IT-Einkauf", "director", "purchasing"},
              {"Qualitätsbeauftragte", "specialist", "quality"},
              {"Marketingreferentin", "specialist", "marketing"},
              {"Personalreferent", "specialist", "hr"},
              {"Werksleiter", "director", "production"},
              {"Produktionsingenieur", "specialist", "production"},
              {"Entwicklungsingenieur", "specialist", "engineering"},
              {"Industriekauffrau", "specialist", "other"},
              {"Finanzbuchhalterin", "specialist", "finance"},
              {"Sachbearbeiterin Einkauf", "specialist", "purchasing"}});
}

TEST(Title, ReadsGenderForms) {
  for (const char* raw : {"Vertriebsleiter/in", "Vertriebsleiter:in", "Vertriebsleiter*in",
                          "Vertriebsleiter(in)", "VertriebsleiterIn", "Vertriebsleiter/-in",
                          "Vertriebsleiter (m/w/d)", "VERTRIEBSLEITERIN"}) {
    EXPECT_EQ(classify_title(raw).level, "director") << raw;
    EXPECT_EQ(classify_title(raw).function, "sales") << raw;
  }
  expect_all({{"Geschäftsführer", "c_level", "management"},
              {"Geschäftsführerin", "c_level", "management"},
              {"Geschaeftsfuehrer:in", "c_level", "management"},
              {"Geschäftsführende Gesellschafterin", "c_level", "management"}});
}

TEST(Title, ReadsAbbreviations) {
  expect_all({{"GF", "c_level", "management"},
              {"Ltg. Vertrieb", "director", "sales"},
              {"Stv. Vertriebsleiter", "manager", "sales"},
              {"stellv. Geschäftsführer", "vp", "management"},
              {"Prok.", "director", "management"},
              {"CFO", "c_level", "finance"},
              {"QMB", "", "quality"}});
}

TEST(Title, ReadsEnglishTitles) {
  expect_all({{"CEO", "c_level", "management"},
              {"Chief Technology Officer (CTO)", "c_level", "it"},
              {"Managing Director", "c_level", "management"},
              {"Vice President Sales", "vp", "sales"},
              {"VP of Engineering", "vp", "engineering"},
              {"Director of Procurement", "director", "purchasing"},
              {"Head of Marketing", "director", "marketing"},
              {"Sales Manager", "manager", "sales"},
              {"Key Account Manager", "specialist", "sales"},
              {"Software Engineer", "specialist", "it"},
              {"Mechanical Engineer", "specialist", "engineering"},
              {"HR Business Partner", "specialist", "hr"},
              {"Product Owner", "specialist", "it"},
              {"Co-Founder", "c_level", "management"},
              {"Purchasing Assistant", "specialist", "purchasing"},
              {"Supply Chain Manager", "manager", "logistics"}});
}

TEST(Title, DoesNotConfuseAssistantsWithTheirManagers) {
  expect_all({{"Assistentin der Geschäftsführung", "specialist", "management"},
              {"Vorstandsassistent", "specialist", "management"},
              {"Executive Assistant to the CEO", "specialist", "management"},
              {"Werkstudent Marketing", "junior", "marketing"},
              {"Praktikantin Vertrieb", "junior", "sales"},
              {"Junior Sales Manager", "junior", "sales"},
              {"Freelancer", "external", "other"},
              {"Externer Berater IT", "external", "it"}});
}

TEST(Title, IsEmptyForUnknownTitles) {
  expect_all({{"", "", ""},
              {"-", "", ""},
              {"API", "", ""},
              {"software .....", "", "it"},
              {"Berlin", "", ""}});
}

TEST(Title, SurvivesAnyBytes) {
  for (std::uint64_t seed = 0; seed < 2000; ++seed) {
    std::mt19937_64 random(seed);
    std::string raw;
    for (std::uint64_t n = random() % 30; n > 0; --n) raw += static_cast<char>(random());
    const Title title = classify_title(raw);
    EXPECT_EQ(classify_title(raw).level, title.level) << "seed " << seed;
  }
}

}  // namespace
}  // namespace baton
