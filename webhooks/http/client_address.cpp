#include "webhooks/http/client_address.h"

#include <algorithm>
#include <cstring>

namespace baton {
namespace {

std::string_view trim(std::string_view s) {
  while (!s.empty() && (s.front() == ' ' || s.front() == '\t')) s.remove_prefix(1);
  while (!s.empty() && (s.back() == ' ' || s.back() == '\t')) s.remove_suffix(1);
  return s;
}

bool all_digits(std::string_view s) {
  return !s.empty() && s.size() <= 5 &&
         std::all_of(s.begin(), s.end(), [](char c) { return c >= '0' && c <= '9'; });
}

// Returns the address without brackets and port; empty if the rest is not a port.
std::optional<std::string_view> bare_host(std::string_view text) {
  if (text.starts_with('[')) {
    const auto close = text.find(']');
    if (close == std::string_view::npos) return std::nullopt;
    const auto rest = text.substr(close + 1);
    if (!rest.empty() && !(rest.front() == ':' && all_digits(rest.substr(1)))) return std::nullopt;
    return text.substr(1, close - 1);
  }
  if (std::count(text.begin(), text.end(), ':') == 1) {
    const auto colon = text.find(':');
    if (!all_digits(text.substr(colon + 1))) return std::nullopt;
    return text.substr(0, colon);
  }
  return text;
}

// Returns the unquoted value of "for" in one element of Forwarded (RFC 7239); "" if there is none.
std::string_view forwarded_for(std::string_view element) {
  while (!element.empty()) {
    const auto end = std::min(element.find(';'), element.size());
    const auto pair = trim(element.substr(0, end));
    element.remove_prefix(std::min(end + 1, element.size()));
    if (pair.size() < 4 || strncasecmp(pair.data(), "for=", 4) != 0) continue;
    auto value = pair.substr(4);
    if (value.size() >= 2 && value.front() == '"' && value.back() == '"')
      value = value.substr(1, value.size() - 2);
    return value;
  }
  return {};
}

}  // namespace

std::optional<IpAddress> parse_address(std::string_view text) {
  const auto host = bare_host(trim(text));
  return host ? parse_ip(*host) : std::nullopt;
}

IpAddress limit_key(const IpAddress& address) {
  if (address.is_v4()) return address;
  IpAddress key = address;
  std::fill(key.bytes.begin() + 8, key.bytes.end(), std::uint8_t{0});
  return key;
}

IpAddress client_address(const IpAddress& peer, std::span<const std::string_view> values,
                         ForwardedHeader kind, std::span<const IpNetwork> trusted) {
  IpAddress client = peer;
  for (auto line = values.rbegin(); line != values.rend(); ++line) {
    std::string_view rest = *line;
    while (!rest.empty()) {
      if (!any_contains(trusted, client)) return client;
      const auto comma = rest.rfind(',');
      const auto element = comma == std::string_view::npos ? rest : rest.substr(comma + 1);
      rest = comma == std::string_view::npos ? std::string_view{} : rest.substr(0, comma);
      const auto hop =
          parse_address(kind == ForwardedHeader::kForwarded ? forwarded_for(element) : element);
      if (!hop) return client;
      client = *hop;
    }
  }
  return client;
}

}  // namespace baton
