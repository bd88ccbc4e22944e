#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "mapping/result.h"

namespace baton {

// Decides which addresses an outgoing call may connect to. The URL comes from the configuration,
// but others control the DNS that resolves its host. Therefore the resolved address is checked, and
// the client connects to that address.

// IPv4 addresses are kept in their IPv6-mapped form (::ffff:a.b.c.d), so that both spellings of one
// address are the same value.
struct IpAddress {
  std::array<std::uint8_t, 16> bytes{};
  bool is_v4() const;
  auto operator<=>(const IpAddress&) const = default;
};

// Parses dotted decimal (exactly four parts, no leading zeros) or IPv6 text without a zone or
// brackets.
std::optional<IpAddress> parse_ip(std::string_view text);
std::string to_string(const IpAddress& address);

// Returns whether inet_aton, and so many resolvers, would read the host as a number: decimal,
// octal, hex and shortened forms ("2130706433", "0x7f.1", "0177.0.0.1"). Such a host is refused,
// not resolved.
bool is_numeric_host(std::string_view host);

enum class AddressKind {
  kPublic,
  kUnspecified,
  kLoopback,
  kPrivate,
  kSharedNat,
  kLinkLocal,
  kMulticast,
  kReserved,
};
std::string_view to_string(AddressKind kind);

// Classifies by the IANA special-purpose registries (RFC 6890 and its updates). An address that
// embeds an IPv4 address (mapped, compatible, NAT64, 6to4) has the class of that address. Teredo,
// whose server and client are both foreign, is reserved.
AddressKind classify(const IpAddress& address);

// The non-public addresses that one destination may connect to.
class AddressPolicy {
 public:
  // Accepts host names (exact, any case) and networks ("10.1.0.0/16", "fd00::/8", single
  // addresses). An entry that looks like a network but is invalid is an error.
  static Result<AddressPolicy> make(const std::vector<std::string>& allow_private);
  bool allows(std::string_view host, const IpAddress& address) const;

 private:
  struct Network {
    IpAddress base;
    int bits = 0;  // of the 128
  };
  std::vector<std::string> hosts_;
  std::vector<Network> networks_;
};

// The parts of an absolute http or https URL. parse_url refuses other schemes, user info, an empty
// host, whitespace and control characters, backslashes, hosts outside ASCII (use A-labels) and
// ports out of range.
struct Url {
  bool tls = false;
  std::string host;  // lower case, without brackets or trailing dot
  std::uint16_t port = 0;
  bool default_port = true;
  std::string target;  // path and query, begins with '/'
};
Result<Url> parse_url(std::string_view text);

}  // namespace baton
