#include "adapters/engine/mail/mail_message.h"

#include <sstream>

#include <gtest/gtest.h>

#include "adapters/engine/notify/notify_mail.h"
#include "mapping/json/json.h"

namespace baton {
namespace {

std::vector<std::string> lines_of(const std::string& text) {
  std::vector<std::string> lines;
  std::size_t at = 0;
  for (auto end = text.find("\r\n"); end != std::string::npos; end = text.find("\r\n", at)) {
    lines.push_back(text.substr(at, end - at));
    at = end + 2;
  }
  return lines;
}

Message sample() {
  Message message;
  message.key = "p1:accept#1:100:anna";
  message.kind = "breach";
  message.recipient = "anna";
  message.recipient_name = "Änne \"Muster\"";
  message.recipient_email = "anna@example.com";
  message.language = "de";
  message.headline =
      "Jürgen Größe (Straßenbau Süd & Söhne GmbH): wartet 31 Min., Frist seit 1 Min. überschritten";
  message.facts = {{"Telefon", "+4930123456"}, {"E-Mail", "juergen@example.com"}};
  message.quote = "Hallo,\nbitte <b>schnell</b> melden: https://boese.example/x www.boese.example";
  message.links = {{"Annehmen", "https://leads.example.com/a/1?x=1&y=2#accept", true},
                   {"Anrufen", "tel:+4930123456"}};
  message.data = {{"lead", "p1.1"}};
  return message;
}

MailSender sender() { return {{"Baton", "baton@example.com"}, std::nullopt, std::nullopt}; }

TEST(MailMessage, EncodesWordsAsInRfc2047) {
  EXPECT_EQ(encoded_text("Erika Beispiel waits", 9), "Erika Beispiel waits");
  EXPECT_EQ(encoded_text("Grüße", 9), "=?UTF-8?B?R3LDvMOfZQ==?=");
  EXPECT_EQ(encoded_text("=?UTF-8?B?AAAA?=", 9), "=?UTF-8?B?PT9VVEYtOD9CP0FBQUE/PQ==?=");
  const auto folded = encoded_text(std::string(60, 'x') + std::string(40, 'y') + "ä€😀", 9);
  for (const auto& line : lines_of("Subject: " + folded + "\r\n"))
    EXPECT_LE(line.size(), 76U) << line;
  EXPECT_EQ(encoded_text("a\r\nBcc: x@example.com", 9), "a  Bcc: x@example.com");
}

TEST(MailMessage, WritesQuotedPrintable) {
  EXPECT_EQ(quoted_printable("Grüße = ok \nx"), "Gr=C3=BC=C3=9Fe =3D ok=20\r\nx");
  EXPECT_EQ(quoted_printable(".dot\nFrom x"), "=2Edot\r\n=46rom x");
  for (const auto& line :
       lines_of(quoted_printable(std::string(500, 'a') + std::string(100, '=')) + "\r\n"))
    EXPECT_LE(line.size(), 76U);
}

TEST(MailMessage, ParsesMailboxes) {
  const auto mailbox = parse_mailbox("\"Baton Übergabe\" <Baton@Example.com>").value();
  EXPECT_EQ(mailbox.address, "Baton@example.com");
  EXPECT_EQ(mailbox.name, "Baton Übergabe");
  EXPECT_EQ(to_string(Mailbox{"Anna \"A\" Muster", "a@example.com"}),
            "\"Anna \\\"A\\\" Muster\" <a@example.com>");
  EXPECT_EQ(to_string(Mailbox{"", "a@example.com"}), "a@example.com");
  EXPECT_EQ(to_string(Mailbox{"x\r\nBcc: y", "a@example.com"}).find('\n'), std::string::npos);
  for (const char* bad : {"", "erika", "a@b", "a b@example.com, c@example.com", "ä@example.com",
                          "a@example.com\r\nRCPT TO:<x@example.com>"})
    EXPECT_FALSE(parse_mailbox(bad)) << bad;
}

TEST(MailMessage, WritesDatesAsInRfc5322) {
  EXPECT_EQ(mail_date(parse_rfc3339("2026-03-03T09:06:10Z").value()),
            "Tue, 03 Mar 2026 09:06:10 +0000");
  EXPECT_EQ(mail_date(parse_rfc3339("2024-02-29T23:59:59Z").value()),
            "Thu, 29 Feb 2024 23:59:59 +0000");
}

TEST(NotifyMail, ARepeatIsTheSameMail) {
  const auto now = parse_rfc3339("2026-03-03T09:31:00Z").value();
  const auto request = mail_request(sample(), sender(), now);
  EXPECT_EQ(request.from, "baton@example.com");
  EXPECT_EQ(request.to, "anna@example.com");
  const auto id = "Message-ID: " + message_id("p1:accept#1:100:anna", "example.com") + "\r\n";
  EXPECT_NE(request.data.find(id), std::string::npos) << request.data;
  EXPECT_NE(mail_request(sample(), sender(), now + minutes(5)).data.find(id), std::string::npos);
  for (const char* header :
       {"\r\nAuto-Submitted: auto-generated\r\n",
        "\r\nList-Id: Baton <breach.baton.example.com>\r\n", "\r\nImportance: high\r\n",
        "\r\nX-Baton-Key: p1:accept#1:100:anna\r\n", "\r\nMIME-Version: 1.0\r\n"})
    EXPECT_NE(request.data.find(header), std::string::npos) << header << request.data;
  EXPECT_NE(request.data.find("\r\nReferences: " + message_id("p1.1", "example.com") + "\r\n"),
            std::string::npos);
  for (const auto& line : lines_of(request.data)) EXPECT_LE(line.size(), 78U) << line;
  EXPECT_EQ(request.data.find_first_of("\x80\xff"), std::string::npos);
  EXPECT_EQ(request.to.find('\n'), std::string::npos);
}

TEST(NotifyMail, ShowsTheSameInTextAndHtml) {
  const auto plain = mail_plain(sample());
  EXPECT_NE(plain.find("wartet 31 Min."), std::string::npos);
  EXPECT_NE(plain.find("Telefon: +4930123456\n"), std::string::npos);
  EXPECT_NE(plain.find("E-Mail: juergen@example.com\n"), std::string::npos) << plain;
  EXPECT_NE(plain.find("> Hallo,\n> bitte"), std::string::npos);
  EXPECT_NE(plain.find("Annehmen: https://leads.example.com/a/1?x=1&y=2#accept\n"),
            std::string::npos)
      << plain;
  const auto html = mail_html(sample());
  EXPECT_NE(html.find("<html lang=\"de\">"), std::string::npos);
  EXPECT_NE(html.find("Süd &amp; Söhne"), std::string::npos);
  EXPECT_NE(html.find("href=\"https://leads.example.com/a/1?x=1&amp;y=2#accept\""),
            std::string::npos);
  EXPECT_EQ(html.find("<b>"), std::string::npos);
}

TEST(NotifyMail, HasNoRequestForARecipientWithoutAnAddress) {
  auto message = sample();
  message.recipient_email.clear();
  EXPECT_EQ(mail_request(message, sender(), {}).to, "");
  auto desk = sender();
  desk.to = Mailbox{"", "team@example.com"};
  EXPECT_EQ(mail_request(message, desk, {}).to, "team@example.com");
}

}  // namespace
}  // namespace baton
