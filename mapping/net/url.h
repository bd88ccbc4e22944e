#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "mapping/result.h"

namespace baton {

// The host and port of a URL.
struct HostPort {
  std::string host;                   // lower case, without brackets or trailing dot
  std::optional<std::uint16_t> port;  // 1 to 65535; empty if the text has none
};

// Parses "host", "host:port", "192.0.2.1:80" or "[2001:db8::1]:80". Fails with kInvalidInput for
// user info, an empty host, hosts outside ASCII (use A-labels) and ports out of range.
Result<HostPort> parse_host_port(std::string_view authority);

// Returns whether inet_aton, and so many resolvers, would read the host as a number: decimal,
// octal, hex and shortened forms ("2130706433", "0x7f.1", "0177.0.0.1"). A client must refuse such
// a host instead of resolving it.
bool is_numeric_host(std::string_view host);

// The parts of an absolute http or https URL.
struct Url {
  bool tls = false;
  std::string host;  // as in HostPort
  std::uint16_t port = 0;
  bool default_port = true;
  std::string target;  // path and query as written, begins with '/'
};

// Fails with kInvalidInput, in addition to parse_host_port, for other schemes, numeric hosts,
// whitespace, control characters, backslashes and characters outside ASCII. Drops the fragment.
Result<Url> parse_url(std::string_view text);

}  // namespace baton
