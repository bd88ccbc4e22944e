#pragma once

#include <array>
#include <compare>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

struct sockaddr;

namespace baton {

// An IP address in network byte order. IPv4 addresses are kept in their IPv6-mapped form
// (::ffff:a.b.c.d), so that both spellings of one address are the same value.
struct IpAddress {
  std::array<std::uint8_t, 16> bytes{};
  bool is_v4() const;
  auto operator<=>(const IpAddress&) const = default;
};

// Returns the mapped form of an IPv4 address.
IpAddress ip_from_v4(std::span<const std::uint8_t, 4> bytes);

// Returns the address of a complete socket address; empty unless it is AF_INET or AF_INET6.
std::optional<IpAddress> ip_from_socket(const sockaddr* address);

// Parses dotted decimal (exactly four parts, no leading zeros) or IPv6 text without a zone or
// brackets.
std::optional<IpAddress> parse_ip(std::string_view text);

// Formats an IPv4 address as dotted decimal, even if it was written in its mapped form.
std::string to_string(const IpAddress& address);

// All addresses that share the first `bits` bits with `base`.
struct IpNetwork {
  IpAddress base;
  int bits = 128;  // 0 to 128, of the 128-bit form
  bool contains(const IpAddress& address) const;
};

// Parses CIDR notation ("10.0.0.0/8", "2001:db8::/32") or a single address. Bits of the base beyond
// the prefix are allowed and ignored.
std::optional<IpNetwork> parse_network(std::string_view text);

bool any_contains(std::span<const IpNetwork> networks, const IpAddress& address);

}  // namespace baton
