#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "mapping/instant.h"

namespace baton {

// Mail after RFC 5322, 2045 to 2047: ASCII throughout, lines of at most 78 bytes ending in CRLF.
// Whatever a text holds, it cannot end its header or begin another one.

// "Erika Beispiel <erika@example.com>" or a bare address.
struct Mailbox {
  std::string name, address;
};
// Nothing where that is no single address, or one that needs SMTPUTF8.
std::optional<Mailbox> parse_mailbox(std::string_view text);
std::string to_string(const Mailbox& mailbox);  // for a header: name quoted or encoded

// A header of free text: as it is where it is short ASCII, else in encoded words (RFC 2047).
// `used` is what stands on the first line before it: the header's name, colon and blank.
std::string encoded_text(std::string_view text, std::size_t used);
// RFC 2045 6.7, lines broken by CRLF.
std::string quoted_printable(std::string_view text);
// "Tue, 03 Mar 2026 09:06:10 +0000"
std::string mail_date(Instant at);

struct MailText {
  std::vector<std::pair<std::string, std::string>> headers;  // ready for the wire, in order
  std::string boundary;                                      // holds "=_", which no part can
  std::string language;
  std::string text, html;  // UTF-8, lines ending in LF
};
// multipart/alternative, text first, HTML last.
std::string mail_bytes(const MailText& mail);

}  // namespace baton
