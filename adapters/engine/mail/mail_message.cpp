#include "adapters/engine/mail/mail_message.h"

#include <algorithm>
#include <chrono>

#include <fmt/format.h>

#include "adapters/engine/crm/crm_declared.h"
#include "adapters/engine/text/plain_text.h"
#include "mapping/normalise/email.h"
#include "mapping/unicode.h"

namespace baton {
namespace {

constexpr std::size_t kLine =
    76;  // RFC 2047: of a line with an encoded word; RFC 2045: of quoted-printable
constexpr std::string_view kWordStart = "=?UTF-8?B?", kWordEnd = "?=";

bool is_printable(char c) { return c >= 0x20 && c < 0x7F; }

// Returns how many leading bytes fit into `most` bytes without splitting a character.
std::size_t whole_characters(std::string_view text, std::size_t most) {
  if (text.size() <= most) return text.size();
  std::size_t end = most;
  while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xC0) == 0x80) --end;
  return end == 0 ? most : end;
}

std::string encoded_words(std::string_view text, std::size_t used) {
  std::string out;
  while (!text.empty()) {
    const auto room = kLine - std::min(used, kLine / 2) - kWordStart.size() - kWordEnd.size();
    const auto n = whole_characters(text, room / 4 * 3);
    if (!out.empty()) out += "\r\n ";
    out += kWordStart;
    out += base64(text.substr(0, n));
    out += kWordEnd;
    text.remove_prefix(n);
    used = 1;
  }
  return out;
}

std::string quoted_name(const std::string& name) {
  if (name.empty()) return {};
  const bool plain = is_ascii(name) && name.size() <= 60 && name.find("=?") == std::string::npos;
  if (!plain) return encoded_words(name, 12);
  std::string out = "\"";
  for (const char c : name) {
    if (c == '"' || c == '\\') out += '\\';
    out += c;
  }
  return out + '"';
}

// A value of a header that is a word: letters, digits and hyphens.
std::string header_token(std::string_view text) {
  std::string out(text);
  std::erase_if(out, [](char c) {
    return c != '-' && (c < '0' || c > '9') && (c < 'a' || c > 'z') && (c < 'A' || c > 'Z');
  });
  return out.empty() ? "en" : out;
}

void add_part(std::string& out, const MailText& mail, std::string_view type,
              std::string_view text) {
  out += fmt::format(
      "--{}\r\nContent-Type: {}; charset=utf-8\r\nContent-Language: "
      "{}\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n",
      mail.boundary, type, header_token(mail.language));
  out += quoted_printable(text);
  out += "\r\n";
}

}  // namespace

std::optional<Mailbox> parse_mailbox(std::string_view text) {
  const auto email = normalise_email(text);
  if (!email || !is_ascii(email->address)) return std::nullopt;
  const bool clean = std::all_of(email->address.begin(), email->address.end(), [](char c) {
    return c > 0x20 && c < 0x7F &&
           std::string_view("<>()[],;:\\\"").find(c) == std::string_view::npos;
  });
  if (!clean) return std::nullopt;
  Mailbox out{"", email->address};
  if (const auto angle = text.find('<'); angle != std::string_view::npos) {
    auto name = trim(text.substr(0, angle));
    if (name.size() >= 2 && name.front() == '"' && name.back() == '"')
      name = name.substr(1, name.size() - 2);
    out.name = plain_text(name, false);
  }
  return out;
}

std::string to_string(const Mailbox& mailbox) {
  const auto name = quoted_name(plain_text(mailbox.name, false));
  if (name.empty()) return mailbox.address;
  return name + (name.size() + mailbox.address.size() > 60 ? "\r\n <" : " <") + mailbox.address +
         ">";
}

std::string encoded_text(std::string_view text, std::size_t used) {
  const auto plain = plain_text(text, false);
  const bool as_it_is = used + plain.size() <= kLine && plain.find("=?") == std::string::npos &&
                        std::all_of(plain.begin(), plain.end(), is_printable);
  return as_it_is ? plain : encoded_words(plain, used);
}

std::string quoted_printable(std::string_view text) {
  std::string out;
  std::size_t line = 0;
  const auto put = [&](std::string_view piece) {
    // Leaves room for the soft line break.
    if (line + piece.size() > kLine - 1) {
      out += "=\r\n";
      line = 0;
    }
    out += piece;
    line += piece.size();
  };
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    const bool last = i + 1 == text.size() || text[i + 1] == '\n';
    if (c == '\n') {
      out += "\r\n";
      line = 0;
    } else if (is_printable(c) && c != '=' && (c != ' ' || !last) &&
               !(line == 0 && (c == '.' || c == 'F'))) {
      // Some servers change a dot or "From " at the beginning of a line.
      put({&c, 1});
    } else {
      put(fmt::format("={:02X}", static_cast<unsigned char>(c)));
    }
  }
  return out;
}

std::string mail_date(Instant at) {
  constexpr std::string_view kDays[] = {"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
  constexpr std::string_view kMonths[] = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                          "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
  const std::chrono::sys_time<std::chrono::milliseconds> moment{std::chrono::milliseconds(at.ms)};
  const auto day = std::chrono::floor<std::chrono::days>(moment);
  const std::chrono::year_month_day date{day};
  const std::chrono::hh_mm_ss time{std::chrono::floor<std::chrono::seconds>(moment - day)};
  return fmt::format(
      "{}, {:02} {} {:04} {:02}:{:02}:{:02} +0000", kDays[std::chrono::weekday{day}.c_encoding()],
      static_cast<unsigned>(date.day()), kMonths[static_cast<unsigned>(date.month()) - 1],
      static_cast<int>(date.year()), time.hours().count(), time.minutes().count(),
      time.seconds().count());
}

std::string mail_bytes(const MailText& mail) {
  std::string out;
  for (const auto& [name, value] : mail.headers) out += name + ": " + value + "\r\n";
  out += fmt::format(
      "MIME-Version: 1.0\r\nContent-Type: multipart/alternative; boundary=\"{}\"\r\n\r\n",
      mail.boundary);
  add_part(out, mail, "text/plain", mail.text);
  add_part(out, mail, "text/html", mail.html);
  out += "--" + mail.boundary + "--\r\n";
  return out;
}

}  // namespace baton
