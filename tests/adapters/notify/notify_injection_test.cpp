// Customers' text in all channels: it cannot end a header, or create markup, a mention or a link.
#include <random>
#include <regex>

#include <gtest/gtest.h>

#include "adapters/engine/notify/notify_card.h"
#include "adapters/engine/notify/notify_mail.h"
#include "adapters/engine/notify/notify_render.h"
#include "adapters/engine/text/plain_text.h"
#include "mapping/json/json.h"

namespace baton {
namespace {

using Random = std::mt19937_64;

const char* const kPieces[] = {"\r\n",
                               "\n",
                               "\r",
                               "\nBcc: x@example.org",
                               "=?UTF-8?B?AAAA?=",
                               "<script>",
                               "</td>",
                               "\"",
                               "'",
                               "&",
                               "&lt;",
                               "<!channel>",
                               "<https://boese.example|klick>",
                               "[klick](https://boese.example)",
                               "*",
                               "_",
                               "~",
                               "`",
                               "@here",
                               "@channel",
                               "@anna",
                               "https://boese.example/x",
                               "HTTP://BOESE.EXAMPLE",
                               "www.boese.example",
                               "WWW.boese.example",
                               "boese.example",
                               "{{DATE(2017-02-14T06:00:00Z, SHORT)}}",
                               "javascript:alert(1)",
                               "|",
                               ">",
                               "<",
                               ".",
                               " ",
                               "Erika",
                               "ä",
                               "€",
                               "😀",
                               "\u202e",
                               "\u2028",
                               "\ufeff",
                               "\x01",
                               "\x7f",
                               "\xff",
                               "\xc3",
                               "--=_baton",
                               "\n.\n",
                               "erika@example.com",
                               ":"};

std::string customer(Random& random) {
  std::string out;
  for (auto n = random() % 12; n > 0; --n) out += kPieces[random() % std::size(kPieces)];
  return out;
}

Message message(Random& random) {
  Message m;
  m.key = "p1:accept#1:100:anna";
  m.kind = "breach";
  m.recipient_name = customer(random);
  m.recipient_email = "anna@example.com";
  m.language = random() % 2 == 0 ? "de" : "en";
  m.headline = customer(random);
  m.facts = {{"Telefon", customer(random)}, {"Unternehmen", customer(random)}};
  m.quote = customer(random);
  m.links = {{"Annehmen", "https://leads.example.com/a/1?a=1&b=2#accept", true},
             {"Anrufen", "tel:" + customer(random)}};
  m.data = {{"lead", "p1.1"}};
  return m;
}

// Removes Baton's parts: the rest came from the customer.
std::string without_ours(std::string text) {
  for (const char* ours : {"https://leads.example.com/a/1?a=1&b=2#accept",
                           "https://leads.example.com/a/1?a=1&amp;b=2#accept",
                           "http://adaptivecards.io/schemas/adaptive-card.json"}) {
    for (auto at = text.find(ours); at != std::string::npos; at = text.find(ours))
      text.erase(at, std::string_view(ours).size());
  }
  return text;
}

void expect_no_link(const std::string& given) {
  // A link to an e-mail address is harmless.
  static const std::regex kAddress(
      "[^\\s@/,;:()<>\"'`|*\\[\\]{}\\\\]+@[A-Za-z0-9-]+\\.[A-Za-z0-9.-]+");
  const auto text = std::regex_replace(without_ours(given), kAddress, "");
  EXPECT_EQ(text.find("://"), std::string::npos) << text;
  EXPECT_FALSE(std::regex_search(text, std::regex("www\\.", std::regex::icase))) << text;
  EXPECT_FALSE(std::regex_search(text, std::regex("boese\\.example", std::regex::icase))) << text;
}

void check_mail(const Message& m) {
  const auto data =
      mail_request(m, {{"Baton", "baton@example.com"}, {}, {}}, Instant{1'772'530'000'000}).data;
  const auto head = data.substr(0, data.find("\r\n\r\n") + 2);
  EXPECT_FALSE(std::regex_search(head, std::regex("(^|\n)bcc", std::regex::icase))) << head;
  static const std::regex kHeader(
      "(Date|From|To|Subject|Message-ID|References|Auto-Submitted|X-Auto-Response-Suppress|List-Id|"
      "Importance|"
      "X-Baton-Key|MIME-Version|Content-Type): [^\r\n]*(\r\n [^\r\n]+)*\r\n");
  std::string rest = head;
  while (!rest.empty()) {
    std::smatch found;
    ASSERT_TRUE(std::regex_search(rest, found, kHeader, std::regex_constants::match_continuous))
        << rest;
    rest = found.suffix();
  }
  for (std::size_t i = 0; i < data.size(); ++i) {
    ASSERT_TRUE(data[i] == '\r'   ? data[i + 1] == '\n'
                : data[i] == '\n' ? data[i - 1] == '\r'
                                  : data[i] >= 0x20 && data[i] < 0x7F)
        << data;
  }
  int boundaries = 0;
  for (auto at = data.find("\r\n--=_baton"); at != std::string::npos;
       at = data.find("\r\n--=_baton", at + 1))
    ++boundaries;
  EXPECT_EQ(boundaries, 3) << data;
  expect_no_link(mail_plain(m));
  const auto html = mail_html(m);
  expect_no_link(html);
  static const std::regex kTag(
      "<(/?(html|head|body|title|h1|table|tr|td|p|blockquote)|!DOCTYPE html|meta|br|a|/a)( "
      "[a-z-]+=\"[^\"<>]*\")*>");
  EXPECT_EQ(std::regex_replace(html, kTag, "").find_first_of("<>"), std::string::npos) << html;
}

void check_slack(const Message& m) {
  const auto body = parse_json(slack_body(m)).value().as_object();
  expect_no_link(json::serialize(body));
  const auto all = without_ours(std::string(text(body, "text")));
  EXPECT_EQ(all.find("<!"), std::string::npos) << all;
  EXPECT_FALSE(std::regex_search(all, std::regex("(^|[^a-zA-Z0-9])@[a-z]"))) << all;
  EXPECT_FALSE(std::regex_search(all, std::regex("[`~\\[\\]]"))) << all;
  // The links are Baton's: <|Annehmen> (its URL is removed) and <tel:...|Anrufen>.
  static const std::regex kOurs("<(\\|Annehmen|tel:[+0-9]+\\|Anrufen)>");
  EXPECT_EQ(std::regex_replace(all, kOurs, "").find('<'), std::string::npos) << all;
  // Only labels have stars: texts of the customer have none.
  for (const auto& [label, value] : m.facts)
    EXPECT_EQ(slack_text(value).find('*'), std::string::npos);
}

void check_card(const json::value& v) {
  if (const auto* list = v.if_array()) {
    for (const auto& item : *list) check_card(item);
  } else if (const auto* o = v.if_object()) {
    EXPECT_NE(text(*o, "type"), "TextBlock");  // it would render Markdown
    EXPECT_NE(text(*o, "type"), "FactSet");
    for (const auto& entry : *o) check_card(entry.value());
  }
}

TEST(NotifyInjection, CustomersTextHasNoEffectInAnyChannel) {
  for (std::uint64_t seed = 1; seed <= 400 && !testing::Test::HasFailure(); ++seed) {
    Random random(seed);
    const auto m = message(random);
    SCOPED_TRACE(testing::Message()
                 << seed << ": " << m.headline << " / " << m.facts[0].second << " / " << m.quote);
    check_mail(m);
    check_slack(m);
    const auto card = teams_body(m);
    expect_no_link(card);
    EXPECT_EQ(card.find("{{"), std::string::npos) << card;
    check_card(parse_json(card).value());
  }
}

TEST(NotifyText, LeavesOtherTextAlone) {
  for (const char* text : {"erika@example.com", "z.B. am 3.3. um 10:30", "+49 30 123456", "Nr. 5",
                           "10.000 Stück", "Müller & Söhne", "a: b"})
    EXPECT_EQ(without_links(text), text);
  EXPECT_EQ(without_links("https://x.example"), "https:\u200b//x\u200b.example");
  EXPECT_EQ(plain_text("a\r\nb\x01\u202e"
                       "c",
                       true),
            "a\nb  c");
  EXPECT_EQ(plain_text("a\nb", false), "a b");
}

TEST(NotifyText, PublishesOnlySafeUrls) {
  EXPECT_EQ(safe_url("https://x.example/a?b=c&d=e#f"), "https://x.example/a?b=c&d=e#f");
  EXPECT_EQ(safe_url("tel:+49 (30) 12-34"), "tel:+49301234");
  for (const char* bad : {"javascript:alert(1)", "data:text/html,x", "https://x.example/\"onclick=",
                          "https://x.example/ b", "ftp://x", "tel:", "https://x|y", ""})
    EXPECT_EQ(safe_url(bad), "") << bad;
}

}  // namespace
}  // namespace baton
