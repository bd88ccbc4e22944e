#include "adapters/engine/notify/notify_mail.h"

#include <algorithm>

#include <fmt/format.h>

#include "adapters/engine/text/plain_text.h"
#include "mapping/json/json.h"

namespace baton {
namespace {

constexpr std::size_t kLongestSubject = 240, kLongestMailText = 20'000;
constexpr std::size_t kIdDigits = 40;

bool is_urgent(std::string_view kind) {
  return kind == "breach" || kind == "escalation" || kind == "offer";
}

std::string shown(std::string_view text, bool lines) {
  return shortened(without_links(plain_text(text, lines)), kLongestMailText);
}

std::string domain_of(const Mailbox& mailbox) {
  return mailbox.address.substr(mailbox.address.rfind('@') + 1);
}

std::string header_word(std::string_view text) {
  std::string out(text.substr(0, 200));
  std::replace_if(
      out.begin(), out.end(), [](char c) { return c <= 0x20 || c >= 0x7F; }, '_');
  return out;
}

std::string_view button_style(bool primary) {
  return primary
             ? "display:inline-block;margin:0 8px 8px 0;padding:10px "
               "18px;border-radius:4px;background:#0b5cad;color:#ffffff;text-decoration:none;font-"
               "weight:bold"
             : "display:inline-block;margin:0 8px 8px 0;padding:9px "
               "17px;border-radius:4px;border:1px solid #0b5cad;color:#0b5cad;text-decoration:none";
}

// Escapes a URL that safe_url accepted: only the ampersand has a meaning in HTML.
std::string attribute(std::string_view url) {
  std::string out;
  for (const char c : url) out += c == '&' ? std::string("&amp;") : std::string(1, c);
  return out;
}

}  // namespace

std::string html_text(std::string_view text) {
  std::string out;
  for (const char c : shown(text, true)) {
    switch (c) {
      case '&':
        out += "&amp;";
        break;
      case '<':
        out += "&lt;";
        break;
      case '>':
        out += "&gt;";
        break;
      case '"':
        out += "&quot;";
        break;
      case '\'':
        out += "&#39;";
        break;
      case '\n':
        out += "<br>\n";
        break;
      default:
        out += c;
    }
  }
  return out;
}

std::string message_id(std::string_view key, std::string_view domain) {
  return fmt::format("<{}@{}>", sha256_hex(key).substr(0, kIdDigits), domain);
}

std::string mail_plain(const Message& message) {
  std::string out = shown(message.headline, false) + "\n\n";
  for (const auto& [label, value] : message.facts)
    out += shown(label, false) + ": " + shown(value, true) + '\n';
  if (!message.quote.empty()) {
    out += "\n> ";
    for (const char c : shown(message.quote, true)) {
      out += c;
      if (c == '\n') out += "> ";
    }
    out += '\n';
  }
  if (!message.links.empty()) out += '\n';
  for (const auto& link : message.links) {
    if (const auto url = safe_url(link.url); !url.empty())
      out += shown(link.label, false) + ": " + url + '\n';
  }
  return message.sent_by.empty() ? out : out + "\n-- \n" + shown(message.sent_by, false) + '\n';
}

std::string mail_html(const Message& message) {
  const auto language = html_text(header_word(message.language));
  std::string out = fmt::format(
      "<!DOCTYPE html>\n<html lang=\"{}\">\n<head><meta charset=\"utf-8\"><meta name=\"viewport\" "
      "content=\"width=device-width\">"
      "<title>{}</title></head>\n<body "
      "style=\"margin:0;padding:16px;font-family:Arial,Helvetica,sans-serif;font-size:16px;line-"
      "height:1.4\">\n"
      "<h1 style=\"font-size:18px;margin:0 0 12px\">{}</h1>\n",
      language, html_text(plain_text(message.headline, false)),
      html_text(plain_text(message.headline, false)));
  if (!message.facts.empty())
    out += "<table role=\"presentation\" style=\"border-collapse:collapse\">\n";
  for (const auto& [label, value] : message.facts)
    out += fmt::format(
        "<tr><td style=\"padding:2px 12px 2px 0;vertical-align:top;color:#555555\">{}</td><td "
        "style=\"padding:2px 0\">{}</td></tr>\n",
        html_text(label), html_text(value));
  if (!message.facts.empty()) out += "</table>\n";
  if (!message.quote.empty())
    out += fmt::format(
        "<blockquote style=\"margin:12px 0;padding:4px 12px;border-left:3px solid "
        "#999999\">{}</blockquote>\n",
        html_text(message.quote));
  out += "<p style=\"margin:16px 0 0\">\n";
  for (const auto& link : message.links) {
    const auto url = safe_url(link.url);
    if (!url.empty())
      out += fmt::format("<a href=\"{}\" style=\"{}\">{}</a>\n", attribute(url),
                         button_style(link.primary), html_text(link.label));
  }
  out += fmt::format(
      "</p>\n<p style=\"margin:16px 0 0;font-size:13px;color:#777777\">{}</p>\n</body>\n</html>\n",
      html_text(shown(message.sent_by, false)));
  return out;
}

MailRequest mail_request(const Message& message, const MailSender& sender, Instant now) {
  MailRequest request;
  request.from = sender.from.address;
  auto to = sender.to ? sender.to : parse_mailbox(message.recipient_email);
  if (!to) return request;
  request.to = to->address;
  if (to->name.empty() && !sender.to) to->name = message.recipient_name;
  const auto domain = domain_of(sender.from);
  MailText mail;
  const auto add = [&](const char* name, std::string value) {
    mail.headers.emplace_back(name, std::move(value));
  };
  add("Date", mail_date(now));
  add("From", to_string(sender.from));
  add("To", to_string(*to));
  if (sender.reply_to) add("Reply-To", to_string(*sender.reply_to));
  add("Subject", encoded_text(shortened(shown(message.headline, false), kLongestSubject), 9));
  add("Message-ID", message_id(message.key, domain));
  if (const auto lead = text(message.data, "lead"); !lead.empty())
    add("References", message_id(lead, domain));
  add("Auto-Submitted", "auto-generated");  // RFC 3834: prevents vacation notices
  add("X-Auto-Response-Suppress", "All");   // the same for Exchange
  add("List-Id", fmt::format("Baton <{}.baton.{}>",
                             header_word(message.kind.empty() ? "message" : message.kind), domain));
  if (is_urgent(message.kind)) add("Importance", "high");
  add("X-Baton-Key", header_word(message.key));
  // "=_" cannot occur in quoted-printable.
  mail.boundary = "=_baton" + sha256_hex(message.key).substr(0, 20);
  mail.language = message.language;
  mail.text = mail_plain(message);
  mail.html = mail_html(message);
  request.data = mail_bytes(mail);
  return request;
}

}  // namespace baton
