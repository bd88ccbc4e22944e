#include "mapping/normalise/host.h"

#include <algorithm>
#include <memory>

#include <idn2.h>

#include "mapping/unicode.h"

namespace baton {
namespace {

constexpr std::size_t kMaxHost = 253;  // RFC 1035, 2.3.4, without the root
constexpr std::size_t kMaxLabel = 63;

bool is_label(std::string_view label) {
  if (label.empty() || label.size() > kMaxLabel) return false;
  if (label.front() == '-' || label.back() == '-') return false;
  return label.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789-") == std::string_view::npos;
}

bool is_host(std::string_view host) {
  if (host.size() > kMaxHost) return false;
  int labels = 0;
  while (true) {
    const std::size_t dot = host.find('.');
    if (!is_label(host.substr(0, dot))) return false;
    ++labels;
    if (dot == std::string_view::npos) break;
    host.remove_prefix(dot + 1);
  }
  // A last label of digits would be an IPv4 address (RFC 3696, 2).
  return labels >= 2 && host.find_first_not_of("0123456789") != std::string_view::npos;
}

std::string to_a_labels(const std::string& host) {
  char* out = nullptr;
  const int flags = IDN2_NFC_INPUT | IDN2_NONTRANSITIONAL;
  const int code = idn2_to_ascii_8z(host.c_str(), &out, flags);
  const std::unique_ptr<char, void (*)(void*)> owned(out, idn2_free);
  return code == IDN2_OK && out != nullptr ? to_lower(out) : std::string();
}

}  // namespace

std::optional<std::string> normalise_host(std::string_view raw) {
  if (raw.size() > 4 * kMaxHost || raw.find('\0') != std::string_view::npos) return std::nullopt;
  std::string host = is_ascii(raw) ? to_lower(raw) : to_a_labels(std::string(raw));
  if (host.ends_with('.')) host.pop_back();
  if (!is_host(host)) return std::nullopt;
  return host;
}

}  // namespace baton
