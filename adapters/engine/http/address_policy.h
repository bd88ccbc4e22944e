#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "mapping/net/ip_address.h"
#include "mapping/result.h"

namespace baton {

// Decides which addresses an outgoing call may connect to. The URL comes from the configuration,
// but others control the DNS that resolves its host. Therefore the resolved address is checked, and
// the client connects to that address.

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
  std::vector<std::string> hosts_;
  std::vector<IpNetwork> networks_;
};

}  // namespace baton
