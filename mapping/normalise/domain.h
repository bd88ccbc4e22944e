#pragma once

#include <string>
#include <string_view>

#include "mapping/normalise/email.h"

namespace baton {

// The registrable domain of a host name or URL by the public suffix list, in lower-case A-labels:
// "https://www.shop.example.co.uk/x" -> "example.co.uk". "" for addresses, single labels and bare
// suffixes. Idempotent. Any thread.
std::string registrable_domain(std::string_view host);

// Whether the domain, or one it belongs to, gives mailboxes to anybody (also disposable ones).
bool is_free_mail(std::string_view domain);

// The registrable domain of the address, "" for free mail: neutral, neither company nor none.
std::string company_domain_of_email(const Email& email);

}  // namespace baton
