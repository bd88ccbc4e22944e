#include "adapters/engine/http/address_policy.h"

#include <algorithm>
#include <cassert>
#include <optional>
#include <span>

namespace baton {
namespace {

struct Block {
  IpNetwork network;
  AddressKind kind;
};

IpNetwork cidr(std::string_view text) {
  const auto parsed = parse_network(text);
  assert(parsed.has_value());
  return *parsed;
}

// The first match decides, so narrower networks precede wider ones.
const std::vector<Block>& v4_blocks() {
  static const std::vector<Block> blocks = {
      {cidr("0.0.0.0/32"), AddressKind::kUnspecified},
      {cidr("0.0.0.0/8"), AddressKind::kReserved},       // "this network", RFC 791
      {cidr("10.0.0.0/8"), AddressKind::kPrivate},       // RFC 1918
      {cidr("100.64.0.0/10"), AddressKind::kSharedNat},  // RFC 6598
      {cidr("127.0.0.0/8"), AddressKind::kLoopback},
      {cidr("169.254.0.0/16"),
       AddressKind::kLinkLocal},  // RFC 3927; used by cloud metadata services
      {cidr("172.16.0.0/12"), AddressKind::kPrivate},
      {cidr("192.0.0.0/24"), AddressKind::kReserved},     // RFC 6890
      {cidr("192.0.2.0/24"), AddressKind::kReserved},     // documentation
      {cidr("192.31.196.0/24"), AddressKind::kReserved},  // AS112
      {cidr("192.52.193.0/24"), AddressKind::kReserved},  // AMT
      {cidr("192.88.99.0/24"), AddressKind::kReserved},   // 6to4 relay anycast, RFC 7526
      {cidr("192.168.0.0/16"), AddressKind::kPrivate},
      {cidr("192.175.48.0/24"), AddressKind::kReserved},
      {cidr("198.18.0.0/15"), AddressKind::kReserved},  // benchmarks
      {cidr("198.51.100.0/24"), AddressKind::kReserved},
      {cidr("203.0.113.0/24"), AddressKind::kReserved},
      {cidr("224.0.0.0/4"), AddressKind::kMulticast},
      {cidr("240.0.0.0/4"), AddressKind::kReserved},
  };
  return blocks;
}

const std::vector<Block>& v6_blocks() {
  static const std::vector<Block> blocks = {
      {cidr("::/128"), AddressKind::kUnspecified},
      {cidr("::1/128"), AddressKind::kLoopback},
      {cidr("64:ff9b:1::/48"), AddressKind::kPrivate},  // local-use NAT64, RFC 8215
      {cidr("100::/64"), AddressKind::kReserved},       // discard, RFC 6666
      {cidr("2001::/23"), AddressKind::kReserved},      // Teredo, ORCHID, benchmarks
      {cidr("2001:db8::/32"), AddressKind::kReserved},
      {cidr("3fff::/20"), AddressKind::kReserved},  // documentation, RFC 9637
      {cidr("fc00::/7"), AddressKind::kPrivate},
      {cidr("fe80::/10"), AddressKind::kLinkLocal},
      {cidr("fec0::/10"), AddressKind::kPrivate},  // site-local, RFC 3879
      {cidr("ff00::/8"), AddressKind::kMulticast},
  };
  return blocks;
}

// Returns the IPv4 address that an IPv6 address leads to, if any.
std::optional<IpAddress> embedded_v4(const IpAddress& address) {
  static const IpNetwork kNat64 = cidr("64:ff9b::/96");  // RFC 6052
  static const IpNetwork k6to4 = cidr("2002::/16");      // RFC 3056
  static const IpNetwork kCompatible = cidr("::/96"), kOwnMeaning = cidr("::/127");
  const std::span<const std::uint8_t, 16> bytes(address.bytes);
  if (kNat64.contains(address)) return ip_from_v4(bytes.subspan<12, 4>());
  if (k6to4.contains(address)) return ip_from_v4(bytes.subspan<2, 4>());
  // IPv4-compatible (deprecated); :: and ::1 have their own meaning.
  if (kCompatible.contains(address) && !kOwnMeaning.contains(address))
    return ip_from_v4(bytes.subspan<12, 4>());
  return std::nullopt;
}

std::optional<AddressKind> find_kind(const std::vector<Block>& blocks, const IpAddress& address) {
  for (const Block& block : blocks) {
    if (block.network.contains(address)) return block.kind;
  }
  return std::nullopt;
}

AddressKind classify_v4(const IpAddress& address) {
  return find_kind(v4_blocks(), address).value_or(AddressKind::kPublic);
}

std::string lower(std::string_view text) {
  std::string out(text);
  std::transform(out.begin(), out.end(), out.begin(),
                 [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; });
  return out;
}

}  // namespace

std::string_view to_string(AddressKind kind) {
  switch (kind) {
    case AddressKind::kPublic:
      return "public";
    case AddressKind::kUnspecified:
      return "unspecified";
    case AddressKind::kLoopback:
      return "loopback";
    case AddressKind::kPrivate:
      return "private";
    case AddressKind::kSharedNat:
      return "shared (carrier NAT)";
    case AddressKind::kLinkLocal:
      return "link-local";
    case AddressKind::kMulticast:
      return "multicast";
    case AddressKind::kReserved:
      return "reserved";
  }
  return "reserved";
}

AddressKind classify(const IpAddress& address) {
  if (address.is_v4()) return classify_v4(address);
  if (const auto inner = embedded_v4(address)) return classify_v4(*inner);
  if (const auto kind = find_kind(v6_blocks(), address)) return *kind;
  // Only 2000::/3 is assigned as global unicast (RFC 4291).
  static const IpNetwork kGlobal = cidr("2000::/3");
  return kGlobal.contains(address) ? AddressKind::kPublic : AddressKind::kReserved;
}

Result<AddressPolicy> AddressPolicy::make(const std::vector<std::string>& allow_private) {
  AddressPolicy policy;
  for (const std::string& entry : allow_private) {
    if (const auto network = parse_network(entry)) {
      policy.networks_.push_back(*network);
    } else if (parse_ip(std::string_view(entry).substr(0, entry.find('/')))) {
      return error(Errc::kInvalidInput, "not a network in CIDR notation: " + entry,
                   "allow_private");
    } else if (entry.empty() || entry.find_first_of("/:") != std::string::npos) {
      return error(Errc::kInvalidInput,
                   "neither a host name nor a network in CIDR notation: " + entry, "allow_private");
    } else {
      policy.hosts_.push_back(lower(entry));
    }
  }
  return policy;
}

bool AddressPolicy::allows(std::string_view host, const IpAddress& address) const {
  if (classify(address) == AddressKind::kPublic) return true;
  const std::string name = lower(host);
  if (std::find(hosts_.begin(), hosts_.end(), name) != hosts_.end()) return true;
  return any_contains(networks_, address);
}

}  // namespace baton
