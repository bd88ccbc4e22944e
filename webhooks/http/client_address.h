#pragma once

#include <optional>
#include <span>
#include <string_view>

#include "mapping/net/ip_address.h"

namespace baton {

// Parses "192.0.2.1", "2001:db8::1" or "[2001:db8::1]", each with an optional ":port", which is
// ignored. Whitespace around it is ignored too.
std::optional<IpAddress> parse_address(std::string_view text);

// The unit of rate limits: an IPv4 address, or the /64 of an IPv6 address, because a subscriber
// owns all of it.
IpAddress limit_key(const IpAddress& address);

// The header that our own proxies set. Only one is trusted: a client may have sent the other one
// through a proxy that does not know it.
enum class ForwardedHeader { kXForwardedFor, kForwarded };

// Finds the client behind trusted proxies. The values of the header, all lines in order, are read
// from the right (the nearest hop) while the address so far is a trusted one. An unreadable value
// ends the search; then the client is the last hop that could be read.
IpAddress client_address(const IpAddress& peer, std::span<const std::string_view> values,
                         ForwardedHeader kind, std::span<const IpNetwork> trusted);

}  // namespace baton
