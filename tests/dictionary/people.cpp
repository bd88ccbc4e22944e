#include "tests/dictionary/people.h"

#include <array>

#include <fmt/format.h>

namespace baton::dictionary {
namespace {

using Words = std::span<const std::string_view>;
template <std::size_t N>
using List = std::array<std::string_view, N>;

constexpr List<24> kFirst{"Petra", "Jonas",  "Anna",   "Lukas",   "Sabine",  "Thomas",
                          "Julia", "Stefan", "Laura",  "Michael", "Claire",  "Pierre",
                          "Emma",  "Oliver", "Sophie", "Jan",     "Marta",   "Paolo",
                          "Ines",  "Henrik", "Nina",   "Andreas", "Kathrin", "David"};
constexpr List<20> kLast{"Muster",   "Probst",    "Exempel", "Vorlage", "Beleg",
                         "Specimen", "Sample",    "Doe",     "Roe",     "Placeholder",
                         "Modell",   "Schablone", "Martin",  "Dupont",  "Rossi",
                         "Novak",    "Jansen",    "Keller",  "Huber",   "Lindt"};
constexpr List<24> kTrade{
    "Software",   "Logistik", "Medizintechnik", "Energie",      "Anlagenbau", "Consulting",
    "Foods",      "Textil",   "Chemie",         "Versicherung", "Verlag",     "Elektro",
    "Kunststoff", "Handel",   "Systems",        "Analytics",    "Robotics",   "Bau",
    "Optik",      "Papier",   "Solutions",      "Labs",         "Spedition",  "Metall"};
constexpr List<10> kForm{" GmbH", " AG",  " GmbH & Co. KG", " SE",   " Ltd",
                         " Inc.", " SAS", " B.V.",          " e.K.", ""};
constexpr List<24> kTitle{"Geschäftsführer",
                          "Geschäftsführerin",
                          "CEO",
                          "CTO",
                          "Head of Marketing",
                          "Marketing Manager",
                          "Leiter Einkauf",
                          "Leitung IT",
                          "Vertriebsleiter",
                          "Head of Sales",
                          "Sales Manager",
                          "Product Manager",
                          "IT-Leiter",
                          "Referentin Marketing",
                          "Projektleiter",
                          "VP Operations",
                          "Director Procurement",
                          "Teamleiterin",
                          "Consultant",
                          "Werkstudentin",
                          "Managing Director",
                          "Einkäufer",
                          "Prokurist",
                          "Head of Digital"};
constexpr List<6> kLevel{"c_level", "vp", "director", "manager", "staff", ""};
constexpr List<9> kFunction{"management", "sales",      "marketing", "it", "finance",
                            "purchasing", "operations", "hr",        ""};
constexpr List<16> kCity{
    "München",           "Hamburg",    "Köln",   "Wien",      "Zürich", "Stuttgart",
    "Leipzig",           "Paris",      "London", "Amsterdam", "Graz",   "Basel",
    "Frankfurt am Main", "Düsseldorf", "Bremen", "Nürnberg"};
constexpr List<8> kCountry{"DE", "DE", "DE", "AT", "CH", "FR", "GB", "NL"};
constexpr List<5> kLanguage{"de", "en", "fr", "", ""};
constexpr List<6> kSalutation{"Frau", "Herr", "Mr", "Ms", "", ""};
constexpr List<6> kSize{"1-10", "11-50", "51-200", "201-500", "1000+", ""};
constexpr List<14> kSource{"forms",    "web",          "typeform", "hubspot",   "website",
                           "tally",    "landingpages", "brevo",    "mailchimp", "webinar",
                           "linkedin", "meta",         "shop",     "api"};
constexpr List<20> kAsset{"whitepaper",  "newsletter", "webinar",  "contact",      "demo",
                          "pricing",     "guide",      "ebook",    "case-study",   "checklist",
                          "trial",       "quote",      "callback", "product-tour", "calculator",
                          "report-2026", "fair",       "sample",   "kontakt",      "angebot"};
constexpr List<9> kChannel{"search",  "social",      "email",      "direct", "referral",
                           "display", "paid_search", "newsletter", ""};
constexpr List<8> kUtmSource{"newsletter", "google",  "linkedin", "bing",
                             "meta",       "partner", "xing",     "podcast"};
constexpr List<6> kUtmMedium{"email", "cpc", "social", "organic", "referral", "paid"};
constexpr List<10> kCampaign{"spring",    "launch",  "q1",     "brand",   "retargeting",
                             "fair-2026", "webinar", "autumn", "product", "dach"};
constexpr List<14> kOpening{"Bitte rufen Sie mich an",
                            "Wir suchen eine Lösung für",
                            "Ich interessiere mich für",
                            "Please call me about",
                            "We are looking for",
                            "Könnten Sie uns ein Angebot machen für",
                            "How much would it cost for",
                            "Was kostet",
                            "Gerne würde ich mehr erfahren über",
                            "Can we get a demo for",
                            "Wann passt ein Termin für",
                            "Je voudrais un devis pour",
                            "Haben Sie Erfahrung mit",
                            "Benötigen kurzfristig"};
constexpr List<12> kWhat{
    "zehn Arbeitsplätze",    "our team of 30", "drei Standorte",   "a rollout next quarter",
    "das Projekt im Herbst", "two plants",     "die neue Version", "200 users",
    "unser Lager",           "the free plan",  "eine Vorführung",  "an integration with our CRM"};

std::string lower(std::string_view text) {
  std::string out;
  for (const char c : text) {
    if (c >= 'A' && c <= 'Z')
      out += static_cast<char>(c - 'A' + 'a');
    else if ((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9'))
      out += c;
  }
  return out;
}

std::string syllables(Dice& dice) {
  constexpr std::string_view kBegin = "bdfgklmnprstvw", kMiddle = "aeiou";
  std::string out;
  for (std::size_t n = 2 + dice.below(2); n > 0; --n) {
    out += kBegin[dice.below(kBegin.size())];
    out += kMiddle[dice.below(kMiddle.size())];
  }
  out[0] = static_cast<char>(out[0] - 'a' + 'A');
  return out;
}

std::string touch_id(Dice& dice) {
  switch (dice.below(5)) {
    case 0:
      return dice.hex(32) + "#0";
    case 1:
      return fmt::format("evt_{}#0", dice.number(9));
    case 2:
      return fmt::format("{}-{}-4{}-a{}-{}", dice.hex(8), dice.hex(4), dice.hex(3), dice.hex(3),
                         dice.hex(12));
    case 3:
      return fmt::format("msg_{}#0", dice.number(6));
    default:
      return dice.number(11);
  }
}

void add_wish(Dice& dice, Touch& touch) {
  constexpr std::array kWishes{TouchType::kDemoRequest, TouchType::kContactRequest,
                               TouchType::kQuoteRequest, TouchType::kTrialSignup};
  touch.type = kWishes[dice.below(kWishes.size())];
  touch.intent = touch.type == TouchType::kDemoRequest || touch.type == TouchType::kContactRequest
                     ? Intent::kHandRaiser
                     : Intent::kTransactional;
  touch.message = fmt::format("{} {}.", dice.of(kOpening), dice.of(kWhat));
}

void add_attribution(Dice& dice, Attribution& a) {
  a.channel = dice.of(kChannel);
  if (dice.one_in(2))
    a.utm_source = dice.of(kUtmSource), a.utm_medium = dice.of(kUtmMedium),
    a.utm_campaign = dice.of(kCampaign);
  if (dice.one_in(3))
    a.landing_page =
        fmt::format("https://www.{}.example/{}", lower(syllables(dice)), dice.of(kAsset));
  if (dice.one_in(4)) a.referrer = "https://www.google.com/";
  if (dice.one_in(6)) a.click_id = dice.hex(24), a.paid = true;
}

}  // namespace

std::string Dice::hex(std::size_t digits) {
  std::string out;
  for (std::size_t i = 0; i < digits; ++i) out += "0123456789abcdef"[below(16)];
  return out;
}

std::string Dice::number(std::size_t digits) {
  std::string out;
  for (std::size_t i = 0; i < digits; ++i) out += static_cast<char>('0' + below(10));
  return out;
}

PersonFacts made_up_person(Dice& dice) {
  PersonFacts p;
  p.first_name = dice.of(kFirst);
  p.last_name = std::string(dice.of(kLast)) + (dice.one_in(3) ? "-" + syllables(dice) : "");
  p.full_name = p.first_name + " " + p.last_name;
  const std::string trade(dice.of(kTrade)), firm = syllables(dice);
  p.company.name = firm + " " + trade + std::string(dice.of(kForm));
  p.company.domain = lower(firm) + (dice.one_in(2) ? "-" + lower(trade) : "") +
                     (dice.one_in(4) ? ".com" : ".example");
  p.email = fmt::format("{}.{}@{}", lower(p.first_name), lower(p.last_name),
                        dice.one_in(6) ? "gmail.com" : p.company.domain);
  if (!dice.one_in(3)) p.phone = (dice.one_in(4) ? "+43" : "+49") + dice.number(9);
  if (!dice.one_in(3))
    p.job_title = dice.of(kTitle), p.job_level = dice.of(kLevel),
    p.job_function = dice.of(kFunction);
  if (!dice.one_in(4)) p.country = dice.of(kCountry);
  if (dice.one_in(2)) p.city = dice.of(kCity);
  if (dice.one_in(4)) p.postal_code = dice.number(5);
  if (dice.one_in(4)) p.company.size = dice.of(kSize);
  p.language = dice.of(kLanguage);
  p.salutation = dice.of(kSalutation);
  if (dice.one_in(8)) p.external_ids["hubspot"] = dice.number(8);
  return p;
}

Touch made_up_touch(Dice& dice, const PersonFacts& person, Instant at) {
  constexpr std::array kReading{
      TouchType::kContentDownload,   TouchType::kContentDownload, TouchType::kFormSubmit,
      TouchType::kPageView,          TouchType::kProductPageView, TouchType::kPricingPageView,
      TouchType::kEmailOpen,         TouchType::kEmailClick,      TouchType::kNewsletterSubscribe,
      TouchType::kEventRegistration, TouchType::kEventAttendance};
  Touch touch;
  touch.id = touch_id(dice);
  touch.source = dice.of(kSource);
  touch.at = at;
  touch.person = person;
  touch.type = kReading[dice.below(kReading.size())];
  if (dice.one_in(4))
    add_wish(dice, touch);
  else if (dice.one_in(5))
    touch.message = fmt::format("{} {}", dice.of(kOpening), dice.of(kWhat));
  touch.asset = dice.of(kAsset);
  if (touch.type == TouchType::kPageView || touch.type == TouchType::kPricingPageView)
    touch.dwell_s = static_cast<int>(dice.below(200)), touch.page_group = "product";
  if (dice.one_in(2)) touch.tracking_basis = "consent";
  if (dice.one_in(2))
    touch.consent.push_back(
        {"marketing", "email", !dice.one_in(9), "express", dice.one_in(2) ? "v3" : ""});
  add_attribution(dice, touch.attribution);
  if (dice.one_in(6)) touch.properties["plan"] = std::string(dice.of(kAsset));
  return touch;
}

}  // namespace baton::dictionary
