#include "mapping/normalise/email.h"

#include <random>

#include <gtest/gtest.h>

#include "mapping/normalise/domain.h"
#include "mapping/unicode.h"

namespace baton {
namespace {

std::string address(std::string_view raw) {
  const auto email = normalise_email(raw);
  return email ? email->address : "-";
}

TEST(Email, KeepsTheLocalPartAndLowersTheDomain) {
  const auto email = normalise_email("  Erika.Beispiel@Example.COM ");
  ASSERT_TRUE(email);
  EXPECT_EQ(email->address, "Erika.Beispiel@example.com");
  EXPECT_EQ(email->match_key, "erika.beispiel@example.com");
  EXPECT_EQ(email->domain, "example.com");
  EXPECT_FALSE(email->role);
  EXPECT_FALSE(email->free_mail);
}

TEST(Email, ExtractsTheAddressFromItsSurroundings) {
  EXPECT_EQ(address("Erika <e@x.de>"), "e@x.de");
  EXPECT_EQ(address("\"Beispiel, Erika\" <e@x.de>"), "e@x.de");
  EXPECT_EQ(address("e@x.de <e@x.de>"), "e@x.de");
  EXPECT_EQ(address("<e@x.de>"), "e@x.de");
  EXPECT_EQ(address("mailto:e%2Bnews@x.de?subject=Hello%20you"), "e+news@x.de");
  EXPECT_EQ(address("MAILTO:e@x.de"), "e@x.de");
  EXPECT_EQ(address("'e@x.de'"), "e@x.de");
  EXPECT_EQ(address("e@x.de."), "e@x.de");
  EXPECT_EQ(address("e@x.de;"), "e@x.de");
  EXPECT_EQ(address("\xE2\x80\x8B"
                    "e@x.de\xC2\xA0"),
            "e@x.de");
}

TEST(Email, KeepsDotsAndTags) {
  EXPECT_EQ(normalise_email("e.b+tag@gmail.com")->match_key, "e.b+tag@gmail.com");
  EXPECT_TRUE(normalise_email("e.b+tag@gmail.com")->free_mail);
}

TEST(Email, WritesInternationalDomainsInALabels) {
  const auto email = normalise_email("Jörg@Bücher.example");
  ASSERT_TRUE(email);
  EXPECT_EQ(email->address, "Jörg@xn--bcher-kva.example");
  EXPECT_EQ(email->match_key, "jörg@xn--bcher-kva.example");
  EXPECT_EQ(address("a@straße.de"), "a@xn--strae-oqa.de")
      << "non-transitional: the name as registered";
  EXPECT_EQ(normalise_email("JÖRG@x.de")->match_key,
            normalise_email("Jo\xCC\x88rg@x.de")->match_key);
}

TEST(Email, RefusesAnythingButASingleAddress) {
  for (const char* raw : {"",
                          "hidden_value",
                          "n/a",
                          "@",
                          "a@",
                          "@x.de",
                          "a@b",
                          "a@@x.de",
                          "a b@x.de",
                          "a@x.de, b@x.de",
                          "a@x.de b@x.de",
                          "A <a@x.de>, B <b@x.de>",
                          ".a@x.de",
                          "a.@x.de",
                          "a..b@x.de",
                          "a@-x.de",
                          "a@x-.de",
                          "a@x..de",
                          "a@1.2.3.4",
                          "a@[1.2.3.4]",
                          "a@x_y.de",
                          "a@x.de\r\nBcc: b@x.de",
                          "a\x01@x.de",
                          "\"a b\"@x.de",
                          "a@x.de<br>",
                          "mailto:a%0A@x.de",
                          "a@\xFF.de",
                          "{{contact.email}}"})
    EXPECT_EQ(address(raw), "-") << raw;
  EXPECT_EQ(address(std::string("a\0@x.de", 7)), "-");
}

TEST(Email, EnforcesTheLimitsOfRfc5321) {
  const std::string l63(63, 'd');
  EXPECT_NE(address(std::string(64, 'a') + "@x.de"), "-");
  EXPECT_EQ(address(std::string(65, 'a') + "@x.de"), "-");
  const std::string domain = l63 + "." + l63 + "." + l63 + "." + std::string(56, 'e') + ".de";
  EXPECT_EQ(domain.size(), 251U);
  EXPECT_NE(address("aa@" + domain), "-");
  EXPECT_EQ(address("aaa@" + domain), "-");
  EXPECT_EQ(address("a@" + std::string(64, 'd') + ".de"), "-");
}

TEST(Email, TheMatchKeyIsAnAddressToo) {
  const auto email = normalise_email("\u0130" + std::string(62, 'A') +
                                     "@example.com");  // 64 bytes; 65 in lower case
  ASSERT_TRUE(email);
  const auto key = normalise_email(email->match_key);
  ASSERT_TRUE(key);
  EXPECT_EQ(key->match_key, email->match_key);
}

TEST(Email, RecognisesRoleAddressesAndFreeMail) {
  EXPECT_TRUE(normalise_email("Info@firma.example")->role);
  EXPECT_TRUE(normalise_email("einkauf@firma.example")->role);
  EXPECT_TRUE(normalise_email("sales2+web@firma.example")->role);
  EXPECT_TRUE(normalise_email("GESCHÄFTSLEITUNG@firma.example")->role);
  EXPECT_FALSE(normalise_email("erika@firma.example")->role);
  EXPECT_FALSE(normalise_email("infante@firma.example")->role);
  EXPECT_TRUE(normalise_email("e@WEB.de")->free_mail);
  EXPECT_TRUE(normalise_email("e@mailinator.com")->free_mail);
  EXPECT_FALSE(normalise_email("e@webde.example")->free_mail);
}

TEST(Domain, FindsTheRegistrableDomain) {
  EXPECT_EQ(registrable_domain("https://www.Shop.example.co.uk:8080/x?y"), "example.co.uk");
  EXPECT_EQ(registrable_domain("user@mail.example.de"), "example.de");
  EXPECT_EQ(registrable_domain("//example.com/"), "example.com");
  EXPECT_EQ(registrable_domain("bücher.example.de."), "example.de");
  EXPECT_EQ(registrable_domain("Bücher.de"), "xn--bcher-kva.de");
  for (const char* none : {"", "co.uk", "de", "localhost", "1.2.3.4", "a b.de", "http://", "[::1]"})
    EXPECT_EQ(registrable_domain(none), "") << none;
}

TEST(Domain, FreeMailHasNoCompanyDomain) {
  EXPECT_EQ(company_domain_of_email(*normalise_email("e@mail.firma.co.uk")), "firma.co.uk");
  EXPECT_EQ(company_domain_of_email(*normalise_email("e@gmail.com")), "");
  EXPECT_TRUE(is_free_mail("mail.gmx.net"));
  EXPECT_FALSE(is_free_mail("com"));
}

TEST(Email, IsIdempotentOnAnyText) {
  static constexpr std::string_view kPieces[] = {
      "a", "B", "@",  "@",    ".",         "x.de",    "Ö",   "ß",   "xn--", "-",    "<",
      ">", " ", "\"", "'",    "+",         "mailto:", "%40", "%27", ",",    "\xFF", "\xE2\x80\x8D",
      "1", "İ", "。", "日本", "o\xCC\x88", "\n",      "=",   "?"};
  int taken = 0;
  for (std::uint64_t seed = 0; seed < 30'000; ++seed) {
    std::mt19937_64 random(seed);
    std::string raw;
    for (std::uint64_t n = random() % 9; n > 0; --n) raw += kPieces[random() % std::size(kPieces)];
    if (seed % 2 == 0)
      raw = "e" + raw + "@" + std::string(kPieces[random() % std::size(kPieces)]) + "x.de";
    const auto once = normalise_email(raw);
    if (!once) continue;
    ++taken;
    const auto twice = normalise_email(once->address);
    ASSERT_TRUE(twice) << "seed " << seed;
    EXPECT_EQ(twice->address, once->address) << "seed " << seed;
    EXPECT_EQ(twice->match_key, once->match_key) << "seed " << seed;
    const auto by_key = normalise_email(once->match_key);
    if (by_key) {
      EXPECT_EQ(by_key->match_key, once->match_key) << "seed " << seed;
    }
    EXPECT_EQ(registrable_domain(registrable_domain(once->domain)),
              registrable_domain(once->domain));
  }
  EXPECT_GT(taken, 100);
}

}  // namespace
}  // namespace baton
