#pragma once

#include <array>
#include <compare>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace baton {

// An IP address as 16 bytes; IPv4 stands mapped into IPv6 (::ffff:0:0/96), so that one comparison
// serves both.
struct Address {
  std::array<std::uint8_t, 16> bytes{};
  auto operator<=>(const Address&) const = default;
};

bool is_ipv4(const Address& address);
// "192.0.2.1", "2001:db8::1", "[2001:db8::1]", each with an optional ":port" that is ignored.
std::optional<Address> parse_address(std::string_view text);
std::string to_string(const Address& address);

// The unit of rate limits: an IPv4 address, or the /64 of an IPv6 address, because a subscriber
// owns all of it.
Address limit_key(const Address& address);

struct Network {
  Address base;
  int bits = 128;  // of the 128-bit form
  bool contains(const Address& address) const;
};

// Parses "10.0.0.0/8", "2001:db8::/32", or a single address. Ignores bits beyond the prefix.
std::optional<Network> parse_network(std::string_view text);
bool any_contains(std::span<const Network> networks, const Address& address);

// The header that our own proxies set. Only one is trusted: a client may have sent the other one
// through a proxy that does not know it.
enum class ForwardedHeader { kXForwardedFor, kForwarded };

// Finds the client behind trusted proxies. The values of the header, all lines in order, are read
// from the right (the nearest hop) while the address so far is a trusted one. An unreadable value
// ends the search; then the client is the last hop that could be read.
Address client_address(const Address& peer, std::span<const std::string_view> values,
                       ForwardedHeader kind, std::span<const Network> trusted);

}  // namespace baton
