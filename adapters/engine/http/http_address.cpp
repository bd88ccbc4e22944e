#include "adapters/engine/http/http_address.h"

#include <algorithm>
#include <charconv>

#include <arpa/inet.h>

#include <fmt/format.h>

namespace baton {
namespace {

struct Prefix {
  std::string_view network;
  int bits;
  AddressKind kind;
};

// The first match decides, so narrower networks precede wider ones.
constexpr Prefix kV4[] = {
    {"0.0.0.0", 32, AddressKind::kUnspecified},
    {"0.0.0.0", 8, AddressKind::kReserved},       // "this network", RFC 791
    {"10.0.0.0", 8, AddressKind::kPrivate},       // RFC 1918
    {"100.64.0.0", 10, AddressKind::kSharedNat},  // RFC 6598
    {"127.0.0.0", 8, AddressKind::kLoopback},
    {"169.254.0.0", 16, AddressKind::kLinkLocal},  // RFC 3927; used by cloud metadata services
    {"172.16.0.0", 12, AddressKind::kPrivate},
    {"192.0.0.0", 24, AddressKind::kReserved},     // RFC 6890
    {"192.0.2.0", 24, AddressKind::kReserved},     // documentation
    {"192.31.196.0", 24, AddressKind::kReserved},  // AS112
    {"192.52.193.0", 24, AddressKind::kReserved},  // AMT
    {"192.88.99.0", 24, AddressKind::kReserved},   // 6to4 relay anycast, RFC 7526
    {"192.168.0.0", 16, AddressKind::kPrivate},
    {"192.175.48.0", 24, AddressKind::kReserved},
    {"198.18.0.0", 15, AddressKind::kReserved},  // benchmarks
    {"198.51.100.0", 24, AddressKind::kReserved},
    {"203.0.113.0", 24, AddressKind::kReserved},
    {"224.0.0.0", 4, AddressKind::kMulticast},
    {"240.0.0.0", 4, AddressKind::kReserved},
};

constexpr Prefix kV6[] = {
    {"::", 128, AddressKind::kUnspecified},
    {"::1", 128, AddressKind::kLoopback},
    {"64:ff9b:1::", 48, AddressKind::kPrivate},  // local-use NAT64, RFC 8215
    {"100::", 64, AddressKind::kReserved},       // discard, RFC 6666
    {"2001::", 23, AddressKind::kReserved},      // Teredo, ORCHID, benchmarks
    {"2001:db8::", 32, AddressKind::kReserved},
    {"3fff::", 20, AddressKind::kReserved},  // documentation, RFC 9637
    {"fc00::", 7, AddressKind::kPrivate},
    {"fe80::", 10, AddressKind::kLinkLocal},
    {"fec0::", 10, AddressKind::kPrivate},  // site-local, RFC 3879
    {"ff00::", 8, AddressKind::kMulticast},
};

constexpr int kMappedBits = 96;

bool within(const IpAddress& address, const IpAddress& base, int bits) {
  for (std::size_t i = 0; i < 16 && bits > 0; ++i, bits -= 8) {
    const auto mask = bits >= 8 ? 0xFF : static_cast<std::uint8_t>(0xFF << (8 - bits));
    if (((address.bytes[i] ^ base.bytes[i]) & mask) != 0) return false;
  }
  return true;
}

bool within(const IpAddress& address, const Prefix& prefix, bool v4) {
  return within(address, *parse_ip(prefix.network), prefix.bits + (v4 ? kMappedBits : 0));
}

IpAddress v4_at(const IpAddress& address, std::size_t offset) {
  IpAddress mapped;
  mapped.bytes[10] = mapped.bytes[11] = 0xFF;
  std::copy_n(address.bytes.begin() + static_cast<std::ptrdiff_t>(offset), 4,
              mapped.bytes.begin() + 12);
  return mapped;
}

// Returns the IPv4 address that an IPv6 address leads to, if any.
std::optional<IpAddress> embedded_v4(const IpAddress& address) {
  const auto is = [&](const char* base, int bits) {
    return within(address, *parse_ip(base), bits);
  };
  if (is("64:ff9b::", 96)) return v4_at(address, 12);  // NAT64, RFC 6052
  if (is("2002::", 16)) return v4_at(address, 2);      // 6to4, RFC 3056
  // IPv4-compatible (deprecated); :: and ::1 have their own meaning.
  if (is("::", 96) && !is("::", 127)) return v4_at(address, 12);
  return std::nullopt;
}

AddressKind classify_v4(const IpAddress& address) {
  for (const Prefix& prefix : kV4) {
    if (within(address, prefix, true)) return prefix.kind;
  }
  return AddressKind::kPublic;
}

std::string lower(std::string_view text) {
  std::string out(text);
  std::transform(out.begin(), out.end(), out.begin(),
                 [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; });
  return out;
}

bool part_is_number(std::string_view part) {
  if (part.starts_with("0x") || part.starts_with("0X")) {
    part.remove_prefix(2);
    return std::all_of(part.begin(), part.end(),
                       [](unsigned char c) { return std::isxdigit(c) != 0; });
  }
  return !part.empty() && std::all_of(part.begin(), part.end(),
                                      [](unsigned char c) { return std::isdigit(c) != 0; });
}

}  // namespace

bool IpAddress::is_v4() const {
  return std::all_of(bytes.begin(), bytes.begin() + 10, [](auto b) { return b == 0; }) &&
         bytes[10] == 0xFF && bytes[11] == 0xFF;
}

std::optional<IpAddress> parse_ip(std::string_view text) {
  if (text.find('\0') != std::string_view::npos) return std::nullopt;  // inet_pton would stop there
  const std::string zero_ended(text);
  IpAddress address;
  if (text.find(':') != std::string_view::npos) {
    if (inet_pton(AF_INET6, zero_ended.c_str(), address.bytes.data()) != 1) return std::nullopt;
    return address;
  }
  if (inet_pton(AF_INET, zero_ended.c_str(), address.bytes.data() + 12) != 1) return std::nullopt;
  address.bytes[10] = address.bytes[11] = 0xFF;
  return address;
}

std::string to_string(const IpAddress& address) {
  char text[INET6_ADDRSTRLEN] = {};
  if (address.is_v4()) return inet_ntop(AF_INET, address.bytes.data() + 12, text, sizeof text);
  return inet_ntop(AF_INET6, address.bytes.data(), text, sizeof text);
}

// The last label decides: no name ends in a number (RFC 1123 2.1, WHATWG URL 3.5).
bool is_numeric_host(std::string_view host) {
  return !host.empty() && !parse_ip(host) && part_is_number(host.substr(host.rfind('.') + 1));
}

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
  for (const Prefix& prefix : kV6) {
    if (within(address, prefix, false)) return prefix.kind;
  }
  // Only 2000::/3 is assigned as global unicast (RFC 4291).
  return (address.bytes[0] & 0xE0) == 0x20 ? AddressKind::kPublic : AddressKind::kReserved;
}

Result<AddressPolicy> AddressPolicy::make(const std::vector<std::string>& allow_private) {
  AddressPolicy policy;
  for (const std::string& entry : allow_private) {
    const auto slash = entry.find('/');
    const auto address = parse_ip(std::string_view(entry).substr(0, slash));
    if (!address) {
      if (slash != std::string::npos || entry.empty() || entry.find(':') != std::string::npos)
        return error(Errc::kInvalidInput,
                     "neither a host name nor a network in CIDR notation: " + entry,
                     "allow_private");
      policy.hosts_.push_back(lower(entry));
      continue;
    }
    const int width = address->is_v4() ? 32 : 128;
    int bits = width;
    if (slash != std::string::npos) {
      const char* end = entry.data() + entry.size();
      const auto [stop, failed] = std::from_chars(entry.data() + slash + 1, end, bits);
      if (failed != std::errc{} || stop != end || bits < 0 || bits > width)
        return error(Errc::kInvalidInput, "not a network in CIDR notation: " + entry,
                     "allow_private");
    }
    policy.networks_.push_back({*address, bits + (width == 32 ? kMappedBits : 0)});
  }
  return policy;
}

bool AddressPolicy::allows(std::string_view host, const IpAddress& address) const {
  if (classify(address) == AddressKind::kPublic) return true;
  const std::string name = lower(host);
  if (std::find(hosts_.begin(), hosts_.end(), name) != hosts_.end()) return true;
  return std::any_of(networks_.begin(), networks_.end(),
                     [&](const Network& n) { return within(address, n.base, n.bits); });
}

namespace {

Result<std::uint16_t> parse_port(std::string_view text) {
  int port = 0;
  const auto [end, failed] = std::from_chars(text.data(), text.data() + text.size(), port);
  if (failed != std::errc{} || end != text.data() + text.size() || port < 1 || port > 65'535)
    return error(Errc::kInvalidInput, "the port in the URL is not a number from 1 to 65535");
  return static_cast<std::uint16_t>(port);
}

bool valid_host(std::string_view host) {
  const bool empty_label =
      host.starts_with('.') || host.ends_with('.') || host.find("..") != std::string_view::npos;
  return !host.empty() && host.size() <= 253 && !empty_label &&
         std::all_of(host.begin(), host.end(), [](unsigned char c) {
           return std::isalnum(c) != 0 || c == '-' || c == '.' || c == '_';
         });
}

// Splits "host:port" or "[v6]:port".
Status read_authority(std::string_view authority, Url& url) {
  if (authority.find('@') != std::string_view::npos)
    return error(Errc::kInvalidInput, "a URL must not contain a user name or password");
  std::string_view port;
  if (authority.starts_with('[')) {
    const auto close = authority.find(']');
    if (close == std::string_view::npos)
      return error(Errc::kInvalidInput, "the host of the URL lacks a ']'");
    const auto address = parse_ip(authority.substr(1, close - 1));
    if (!address || authority.substr(1, close - 1).find(':') == std::string_view::npos)
      return error(Errc::kInvalidInput, "the host of the URL is not an IPv6 address");
    url.host = lower(authority.substr(1, close - 1));
    port = authority.substr(close + 1);
  } else {
    const auto colon = authority.find(':');
    url.host = lower(authority.substr(0, colon));
    if (colon != std::string_view::npos) port = authority.substr(colon);
    if (url.host.ends_with('.')) url.host.pop_back();
    if (!valid_host(url.host) || is_numeric_host(url.host))
      return error(Errc::kInvalidInput, "the host of the URL is not a host name or address");
  }
  if (port.empty()) return {};
  if (port.front() != ':')
    return error(Errc::kInvalidInput, "the host of the URL is not a host name or address");
  const auto number = parse_port(port.substr(1));
  if (!number) return number.error();
  url.default_port = *number == url.port;
  url.port = *number;
  return {};
}

}  // namespace

Result<Url> parse_url(std::string_view text) {
  if (std::any_of(text.begin(), text.end(),
                  [](unsigned char c) { return c <= 0x20 || c >= 0x7F || c == '\\'; }))
    return error(Errc::kInvalidInput,
                 "the URL contains spaces, control characters or characters outside ASCII");
  const auto scheme_end = text.find("://");
  const std::string scheme =
      lower(text.substr(0, scheme_end == std::string_view::npos ? 0 : scheme_end));
  if (scheme != "http" && scheme != "https")
    return error(Errc::kInvalidInput, "the URL must begin with https:// or http://");
  Url url;
  url.tls = scheme == "https";
  url.port = url.tls ? 443 : 80;
  text.remove_prefix(scheme_end + 3);
  text = text.substr(0, text.find('#'));
  const auto path = text.find_first_of("/?");
  const auto status = read_authority(text.substr(0, path), url);
  if (!status) return status.error();
  url.target = path == std::string_view::npos ? "/" : std::string(text.substr(path));
  if (url.target.front() == '?') url.target.insert(0, 1, '/');
  return url;
}

}  // namespace baton
