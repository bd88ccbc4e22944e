#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace baton {

// An e-mail address as it is shown and as it is compared.
struct Email {
  std::string address;    // local part as sent, domain in lower-case A-labels: what mail is sent to
  std::string match_key;  // local part in lower case (Unicode, NFC): what persons are matched by
  std::string domain;     // of both
  bool role = false;      // info@, einkauf@, office@: a desk, not a person
  bool free_mail = false;  // gmail.com, web.de: says nothing of a company
};

// Takes "Erika <e@example.de>", "mailto:e@example.de?subject=x", blanks and any case. Nothing where
// that is no single address that RFC 5321 could deliver to on the internet (64 bytes before the
// '@', 254 in all, a domain of two labels). Dots and '+tags' are kept: only the operator of the
// domain knows what they mean. Idempotent on `address`. Any thread.
std::optional<Email> normalise_email(std::string_view raw);

}  // namespace baton
