#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace baton {

// An e-mail address for display and for comparison.
struct Email {
  std::string
      address;  // local part as sent, domain in lower-case A-labels: the address mail is sent to
  std::string match_key;   // local part in lower case (Unicode, NFC): persons are matched by it
  std::string domain;      // of both
  bool role = false;       // info@, einkauf@, office@: a function, not a person
  bool free_mail = false;  // gmail.com, web.de: says nothing about a company
};

// Parses "Erika <e@example.de>", "mailto:e@example.de?subject=x", surrounding whitespace and any
// case. Empty unless it is a single address that RFC 5321 could deliver to on the internet (64
// bytes before the '@', 254 in total, a domain of two labels). Dots and '+tags' are kept: only the
// operator of the domain knows their meaning. Idempotent on `address`. Thread-safe.
std::optional<Email> normalise_email(std::string_view raw);

}  // namespace baton
