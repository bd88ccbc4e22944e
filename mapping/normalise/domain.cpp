#include "mapping/normalise/domain.h"

#include <libpsl.h>

#include <algorithm>

#include "mapping/normalise/host.h"
#include "mapping/normalise/word_list.h"
#include "mapping/unicode.h"

namespace baton {
namespace {

// Removes scheme, user, port, path and whitespace around a host.
std::string_view host_of(std::string_view text) {
  text = trim(text);
  if (const auto scheme = text.find("://"); scheme != std::string_view::npos)
    text.remove_prefix(scheme + 3);
  else if (text.starts_with("//"))
    text.remove_prefix(2);
  text = text.substr(0, text.find_first_of("/?#"));
  if (const auto user = text.rfind('@'); user != std::string_view::npos)
    text.remove_prefix(user + 1);
  return text.substr(0, text.find(':'));
}

}  // namespace

std::string registrable_domain(std::string_view host) {
  const auto name = normalise_host(host_of(host));
  if (!name) return {};
  // The built-in list is constant data of the library: thread-safe without a lock.
  const char* domain = psl_registrable_domain(psl_builtin(), name->c_str());
  return domain != nullptr ? domain : "";
}

bool is_free_mail(std::string_view domain) {
  static const auto* const domains =
      new std::unordered_set<std::string_view>(data_words("free_mail.txt"));
  const bool as_it_is = std::all_of(domain.begin(), domain.end(),
                                    [](char c) { return c >= 0x20 && (c < 'A' || c > 'Z'); });
  const std::string lower = as_it_is ? std::string() : to_lower(domain);
  std::string_view rest = as_it_is ? domain : lower;
  while (true) {
    if (domains->contains(rest)) return true;
    const std::size_t dot = rest.find('.');
    if (dot == std::string_view::npos) return false;
    rest.remove_prefix(dot + 1);
  }
}

std::string company_domain_of_email(const Email& email) {
  return email.free_mail || is_free_mail(email.domain) ? std::string()
                                                       : registrable_domain(email.domain);
}

}  // namespace baton
