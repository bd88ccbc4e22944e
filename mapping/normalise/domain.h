#pragma once

#include <string>
#include <string_view>

#include "mapping/normalise/email.h"

namespace baton {

// Returns the registrable domain of a host name or URL according to the public suffix list, in
// lower-case A-labels: "https://www.shop.example.co.uk/x" -> "example.co.uk". Returns "" for IP
// addresses, single labels and bare suffixes. Idempotent. Thread-safe.
std::string registrable_domain(std::string_view host);

// Returns whether the domain, or a parent of it, offers public mailboxes (including disposable
// ones).
bool is_free_mail(std::string_view domain);

// Returns the registrable domain of the address, or "" for free mail, which says nothing about a
// company.
std::string company_domain_of_email(const Email& email);

}  // namespace baton
