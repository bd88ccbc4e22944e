#include "mapping/normalise/email.h"

#include <algorithm>

#include "mapping/normalise/domain.h"
#include "mapping/normalise/host.h"
#include "mapping/normalise/word_list.h"
#include "mapping/unicode.h"

namespace baton {
namespace {

constexpr std::size_t kMaxRaw = 1024;
constexpr std::size_t kMaxLocal = 64;     // RFC 5321, 4.5.3.1.1
constexpr std::size_t kMaxAddress = 254;  // RFC 5321, 4.5.3.1.3, without the angle brackets

bool is_control(char c) { return (c >= 0 && c < ' ') || c == 0x7F; }

// An atom of RFC 5322 3.2.3 with the letters that RFC 6531 adds. Quoted local parts are refused,
// because in forms they are mistakes.
bool is_atom(char c) {
  if (static_cast<signed char>(c) < 0) return true;
  if ((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9')) return true;
  return std::string_view("!#$%&'*+/=?^_`{|}~-").find(c) != std::string_view::npos;
}

bool is_local_part(std::string_view local) {
  if (local.empty() || local.size() > kMaxLocal) return false;
  if (local.front() == '.' || local.back() == '.') return false;
  if (local.find("..") != std::string_view::npos) return false;
  return std::all_of(local.begin(), local.end(), [](char c) { return c == '.' || is_atom(c); });
}

int hex_digit(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  const char l = static_cast<char>(c | 0x20);
  return l >= 'a' && l <= 'f' ? l - 'a' + 10 : -1;
}

// RFC 6068: "mailto:erika%40example.com?subject=..."
std::string from_mailto(std::string_view uri) {
  std::string out;
  uri = uri.substr(0, uri.find('?'));
  for (std::size_t i = 0; i < uri.size(); ++i) {
    const bool coded = uri[i] == '%' && i + 2 < uri.size() && hex_digit(uri[i + 1]) >= 0 &&
                       hex_digit(uri[i + 2]) >= 0;
    out += coded ? static_cast<char>(hex_digit(uri[i + 1]) * 16 + hex_digit(uri[i + 2])) : uri[i];
    if (coded) i += 2;
  }
  return out;
}

// Returns the address inside 'Erika <e@example.de>'; "" unless the brackets form one pair at the
// end.
std::string_view inside_brackets(std::string_view text) {
  const std::size_t open = text.find('<');
  if (open == std::string_view::npos) return text;
  const std::size_t close = text.find('>', open);
  if (close == std::string_view::npos || !trim(text.substr(close + 1)).empty()) return {};
  const std::string_view inside = text.substr(open + 1, close - open - 1);
  return inside.find('<') == std::string_view::npos ? trim(inside) : std::string_view();
}

// Removes what is often copied along: surrounding quotes, a trailing full stop or separator.
std::string_view without_wrapping(std::string_view text) {
  while (!text.empty() && std::string_view("\"'").find(text.front()) != std::string_view::npos)
    text.remove_prefix(1);
  while (!text.empty() && std::string_view("\"'.,;").find(text.back()) != std::string_view::npos)
    text.remove_suffix(1);
  return trim(text);
}

bool is_role(std::string_view local) {
  static const auto* const roles =
      new std::unordered_set<std::string_view>(data_words("role_addresses.txt"));
  std::string_view role = local.substr(0, local.find('+'));
  while (!role.empty() && role.back() >= '0' && role.back() <= '9') role.remove_suffix(1);
  return roles->contains(role);
}

std::optional<Email> from_parts(std::string_view local, std::string_view host) {
  if (!is_local_part(local)) return std::nullopt;
  auto domain = normalise_host(host);
  if (!domain || local.size() + 1 + domain->size() > kMaxAddress) return std::nullopt;
  Email email;
  std::string key = to_lower(local);
  // U+0130 is longer in lower case. If the result is too long for an address, the address is
  // compared as it was sent.
  if (key.size() > kMaxLocal || key.size() + 1 + domain->size() > kMaxAddress) key = local;
  email.address.append(local).append("@").append(*domain);
  email.match_key.append(key).append("@").append(*domain);
  email.role = is_role(key);
  email.free_mail = is_free_mail(*domain);
  email.domain = std::move(*domain);
  return email;
}

}  // namespace

std::optional<Email> normalise_email(std::string_view raw) {
  raw = trim(raw);
  if (raw.empty() || raw.size() > kMaxRaw) return std::nullopt;
  if (std::any_of(raw.begin(), raw.end(), is_control)) return std::nullopt;
  std::string tidied;
  if (!is_ascii(raw)) {
    if (!is_utf8(raw)) return std::nullopt;
    raw = tidied = tidy(raw);
  }
  std::string_view text = without_wrapping(inside_brackets(raw));
  std::string decoded;
  if (text.size() > 7 && to_lower(text.substr(0, 7)) == "mailto:") {
    decoded = from_mailto(text.substr(7));
    if (std::any_of(decoded.begin(), decoded.end(), is_control) || !is_utf8(decoded))
      return std::nullopt;
    decoded = tidy(decoded);
    text = without_wrapping(decoded);
  }
  const std::size_t at = text.find('@');
  if (at == std::string_view::npos || text.rfind('@') != at) return std::nullopt;
  return from_parts(text.substr(0, at), text.substr(at + 1));
}

}  // namespace baton
