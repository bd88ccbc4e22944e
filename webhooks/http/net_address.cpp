#include "webhooks/http/net_address.h"

#include <arpa/inet.h>

#include <algorithm>
#include <charconv>
#include <cstring>

namespace baton {
namespace {

constexpr std::array<std::uint8_t, 12> kMapped{0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff};

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

bool is_ipv4(const Address& address) {
  return std::equal(kMapped.begin(), kMapped.end(), address.bytes.begin());
}

std::optional<Address> parse_address(std::string_view text) {
  const auto host = bare_host(trim(text));
  char buffer[INET6_ADDRSTRLEN + 1] = {};
  if (!host || host->empty() || host->size() >= sizeof(buffer)) return std::nullopt;
  std::memcpy(buffer, host->data(), host->size());
  Address address;
  if (inet_pton(AF_INET6, buffer, address.bytes.data()) == 1) return address;
  std::copy(kMapped.begin(), kMapped.end(), address.bytes.begin());
  if (inet_pton(AF_INET, buffer, address.bytes.data() + kMapped.size()) == 1) return address;
  return std::nullopt;
}

std::string to_string(const Address& address) {
  char buffer[INET6_ADDRSTRLEN] = {};
  if (is_ipv4(address)) {
    inet_ntop(AF_INET, address.bytes.data() + kMapped.size(), buffer, sizeof(buffer));
  } else {
    inet_ntop(AF_INET6, address.bytes.data(), buffer, sizeof(buffer));
  }
  return buffer;
}

Address limit_key(const Address& address) {
  if (is_ipv4(address)) return address;
  Address key = address;
  std::fill(key.bytes.begin() + 8, key.bytes.end(), std::uint8_t{0});
  return key;
}

bool Network::contains(const Address& address) const {
  const auto whole = static_cast<std::size_t>(bits / 8);
  if (!std::equal(base.bytes.begin(), base.bytes.begin() + static_cast<std::ptrdiff_t>(whole),
                  address.bytes.begin()))
    return false;
  const int rest = bits % 8;
  if (rest == 0) return true;
  const auto mask = static_cast<std::uint8_t>(0xff << (8 - rest));
  return (base.bytes[whole] & mask) == (address.bytes[whole] & mask);
}

std::optional<Network> parse_network(std::string_view text) {
  text = trim(text);
  const auto slash = text.find('/');
  const auto base = parse_address(text.substr(0, slash));
  if (!base) return std::nullopt;
  if (slash == std::string_view::npos) return Network{*base, 128};
  const auto digits = text.substr(slash + 1);
  int bits = -1;
  const auto [end, ec] = std::from_chars(digits.data(), digits.data() + digits.size(), bits);
  const int most = is_ipv4(*base) ? 32 : 128;
  if (ec != std::errc{} || end != digits.data() + digits.size() || bits < 0 || bits > most)
    return std::nullopt;
  return Network{*base, bits + 128 - most};
}

bool any_contains(std::span<const Network> networks, const Address& address) {
  return std::any_of(networks.begin(), networks.end(),
                     [&](const Network& n) { return n.contains(address); });
}

Address client_address(const Address& peer, std::span<const std::string_view> values,
                       ForwardedHeader kind, std::span<const Network> trusted) {
  Address client = peer;
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
