#include "mapping/normalise/name.h"

#include <ostream>
#include <random>

#include <gtest/gtest.h>

#include "mapping/unicode.h"

namespace baton {

void PrintTo(const Name& n, std::ostream* out) {
  *out << "{" << n.salutation << "|" << n.academic_title << "|" << n.first << "|" << n.last << "|"
       << n.full << "}";
}

namespace {

Name full(std::string text) { return normalise_name({.full = std::move(text)}); }

Name parts(std::string first, std::string last) {
  return normalise_name({.first = std::move(first), .last = std::move(last)});
}

TEST(Name, SplitsAFullName) {
  EXPECT_EQ(full(" Zee  Ali "), (Name{"", "", "Zee", "Ali", "Zee Ali"}));
  EXPECT_EQ(full("Erika Maria Beispiel"),
            (Name{"", "", "Erika Maria", "Beispiel", "Erika Maria Beispiel"}));
  EXPECT_EQ(full("Anna-Lena Müller-Beispiel"),
            (Name{"", "", "Anna-Lena", "Müller-Beispiel", "Anna-Lena Müller-Beispiel"}));
  EXPECT_EQ(full("John Sample Jr."), (Name{"", "", "John", "Sample Jr.", "John Sample Jr."}));
  EXPECT_EQ(full("José Ortega y Gasset"),
            (Name{"", "", "José", "Ortega y Gasset", "José Ortega y Gasset"}));
}

TEST(Name, KeepsParticlesWithTheLastName) {
  EXPECT_EQ(full("Erika von der Heide").last, "von der Heide");
  EXPECT_EQ(full("Jan van den Berg").last, "van den Berg");
  EXPECT_EQ(full("Anna Da Silva").last, "Da Silva");
  EXPECT_EQ(full("Carla della Valle").last, "della Valle");
  EXPECT_EQ(full("Maria de la Cruz").first, "Maria");
  EXPECT_EQ(full("Karl zu Beispiel").last, "zu Beispiel");
  EXPECT_EQ(full("Minh Le").last, "Le") << "a particle at the end is a name";
}

TEST(Name, MovesSalutationsAndTitlesToTheirFields) {
  EXPECT_EQ(full("Frau Prof. Dr. Erika Beispiel"),
            (Name{"Frau", "Prof. Dr.", "Erika", "Beispiel", "Erika Beispiel"}));
  EXPECT_EQ(full("Herr Dr.med.Max Muster"),
            (Name{"Herr", "Dr. med.", "Max", "Muster", "Max Muster"}));
  EXPECT_EQ(full("Dr. rer. nat. Max Muster"),
            (Name{"", "Dr. rer. nat.", "Max", "Muster", "Max Muster"}));
  EXPECT_EQ(full("Dipl.-Ing. Max Muster"), (Name{"", "Dipl.-Ing.", "Max", "Muster", "Max Muster"}));
  EXPECT_EQ(full("Mag. Max Muster"), (Name{"", "Mag.", "Max", "Muster", "Max Muster"}));
  EXPECT_EQ(full("Mrs Jane Sample, MBA"), (Name{"Mrs", "MBA", "Jane", "Sample", "Jane Sample"}));
  EXPECT_EQ(full("Jane Sample PhD").academic_title, "PhD");
  EXPECT_EQ(full("Prof.Dr.Max Muster").academic_title, "Prof. Dr.");
  EXPECT_EQ(parts("Dr. Erika", "Beispiel"),
            (Name{"", "Dr.", "Erika", "Beispiel", "Erika Beispiel"}));
  EXPECT_EQ(parts("Frau", "Beispiel"), (Name{"Frau", "", "", "Beispiel", "Beispiel"}));
  EXPECT_EQ(normalise_name({.salutation = "Frau Dr.", .first = "Erika", .last = "Beispiel"}),
            (Name{"Frau", "Dr.", "Erika", "Beispiel", "Erika Beispiel"}));
  EXPECT_EQ(normalise_name({.salutation = "Mr.", .first = "John", .last = "Sample"}).salutation,
            "Mr.");
}

TEST(Name, KeepsNamesThatLookLikeTitles) {
  EXPECT_EQ(full("Jack Ma").last, "Ma");
  EXPECT_EQ(full("Mag Sample").first, "Mag");
  EXPECT_EQ(full("Di Wu"), full("Di Wu"));
  EXPECT_EQ(full("Nat Sample").first, "Nat");
  EXPECT_EQ(full("Dr.").full, "Dr.") << "one word stays";
}

TEST(Name, ReversesLastCommaFirst) {
  EXPECT_EQ(full("Beispiel, Erika"), (Name{"", "", "Erika", "Beispiel", "Erika Beispiel"}));
  EXPECT_EQ(full("von der Heide, Dr. Erika"),
            (Name{"", "Dr.", "Erika", "von der Heide", "Erika von der Heide"}));
  EXPECT_EQ(full("Beispiel, Erika, MBA"), (Name{"", "MBA", "Erika", "Beispiel", "Erika Beispiel"}));
}

TEST(Name, CorrectsCaseOnlyIfSafe) {
  EXPECT_EQ(full("ERIKA MÜLLER"), (Name{"", "", "Erika", "Müller", "Erika Müller"}));
  EXPECT_EQ(full("erika von der heide"),
            (Name{"", "", "Erika", "von der Heide", "Erika von der Heide"}));
  EXPECT_EQ(parts("RONALD", "MCDONALD").last, "McDonald");
  EXPECT_EQ(parts("Ronald", "McDonald").last, "McDonald");
  EXPECT_EQ(parts("SEAN", "O'NEIL").last, "O'Neil");
  EXPECT_EQ(parts("anna-lena", "müller-beispiel").first, "Anna-Lena");
  EXPECT_EQ(parts("JP", "SAMPLE").first, "JP");
  EXPECT_EQ(parts("Mailchimp", "API").last, "API");
  EXPECT_EQ(parts("Leonardo", "DiCaprio").last, "DiCaprio");
  EXPECT_EQ(parts("the hulk", "").first, "the hulk");
  EXPECT_EQ(full("NAME NAME").full, "NAME NAME");
  EXPECT_EQ(full("NAME").full, "NAME");
  EXPECT_EQ(parts("nnn", "nnn").first, "nnn");
}

TEST(Name, KeepsASingleWordAsFullNameOnly) {
  EXPECT_EQ(full("Betty"), (Name{"", "", "", "", "Betty"}));
  EXPECT_EQ(full("Herr Müller"), (Name{"Herr", "", "", "", "Müller"}));
}

TEST(Name, DoesNotSplitIfTheOrderIsUnknown) {
  EXPECT_EQ(full("王 小明").last, "");
  EXPECT_EQ(full("van Gogh").last, "");
  EXPECT_EQ(normalise_name({.first = "Erika", .full = "Erika Beispiel"}).last, "");
}

TEST(Name, DropsTextsThatAreNotNames) {
  EXPECT_EQ(parts("-", "..."), Name{});
  EXPECT_EQ(parts("Erika", "-"), (Name{"", "", "Erika", "", "Erika"}));
  EXPECT_EQ(full("\xE2\x80\x8B").full, "");
}

TEST(Name, IsIdempotentOnAnyText) {
  static constexpr std::string_view kPieces[] = {
      "Herr",  "Frau",     "Dr.",    "Prof.",     "med.", "von", "der", "y",
      "Erika", "MÜLLER",   "müller", "MBA",       "Jr.",  ",",   ".",   "-",
      "Mc",    "MCDONALD", "\xFF",   "o\xCC\x88", "İ",    "ß",   "ǆ",   "日本",
      " ",     "  ",       "'",      "(FH)",      "h.c.", "ﬁ",   "III", "\xE2\x80\x8D",
      "&",     "1"};
  for (std::uint64_t seed = 0; seed < 5000; ++seed) {
    std::mt19937_64 random(seed);
    const auto text = [&] {
      std::string out;
      for (std::uint64_t n = random() % 6; n > 0; --n) {
        out += kPieces[random() % std::size(kPieces)];
        if (random() % 4 != 0) out += ' ';
      }
      return out;
    };
    Name sent{.full = text()};
    if (seed % 2 == 0) sent = {text(), text(), text(), text(), text()};
    const Name once = normalise_name(sent);
    ASSERT_EQ(normalise_name(once), once)
        << "seed " << seed << ": " << testing::PrintToString(sent);
  }
}

TEST(Name, SurvivesAnyBytes) {
  for (std::uint64_t seed = 0; seed < 3000; ++seed) {
    std::mt19937_64 random(seed);
    std::string raw;
    for (std::uint64_t n = random() % 40; n > 0; --n) raw += static_cast<char>(random());
    const Name once = full(raw);
    ASSERT_EQ(normalise_name(once), once) << "seed " << seed;
  }
  EXPECT_EQ(full(std::string(5000, 'x')).full.size(), 5000U);
}

TEST(Name, ANameThatIsTooLongStaysText) {
  Name sent;
  sent.full = "McDonald " + std::string(5'000, '\x9a') + "\n";
  const Name once = normalise_name(sent);
  EXPECT_TRUE(is_utf8(once.full));
  EXPECT_EQ(normalise_name(once), once);
}

}  // namespace
}  // namespace baton
