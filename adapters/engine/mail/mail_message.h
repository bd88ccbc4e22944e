#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "mapping/instant.h"

namespace baton {

// Mail according to RFC 5322 and 2045 to 2047: ASCII only, lines of at most 78 bytes ending in
// CRLF. No text can end its header or start another one.

// "Erika Beispiel <erika@example.com>" or a bare address.
struct Mailbox {
  std::string name, address;
};
// Empty unless the text is a single address that does not need SMTPUTF8.
std::optional<Mailbox> parse_mailbox(std::string_view text);
std::string to_string(const Mailbox& mailbox);  // for a header: name quoted or encoded

// Encodes a header with free text: short ASCII unchanged, otherwise as encoded words (RFC 2047).
// `used` is the number of bytes before the text on the first line: header name, colon and space.
std::string encoded_text(std::string_view text, std::size_t used);
// RFC 2045 6.7, with CRLF line breaks.
std::string quoted_printable(std::string_view text);
// "Tue, 03 Mar 2026 09:06:10 +0000"
std::string mail_date(Instant at);

struct MailText {
  std::vector<std::pair<std::string, std::string>> headers;  // ready to send, in order
  std::string boundary;  // contains "=_", which no part can contain
  std::string language;
  std::string text, html;  // UTF-8, lines ending in LF
};
// Builds multipart/alternative with the text first and the HTML last.
std::string mail_bytes(const MailText& mail);

}  // namespace baton
