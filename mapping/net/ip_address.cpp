#include "mapping/net/ip_address.h"

#include <algorithm>
#include <cassert>
#include <charconv>
#include <cstring>

#include <netinet/in.h>

#include <boost/asio/ip/address.hpp>

namespace baton {
namespace {

namespace ip = boost::asio::ip;

constexpr int kMappedBits = 96;  // before the IPv4 address in its mapped form

}  // namespace

bool IpAddress::is_v4() const { return ip::address_v6(bytes).is_v4_mapped(); }

IpAddress ip_from_v4(std::span<const std::uint8_t, 4> bytes) {
  const ip::address_v4 v4({bytes[0], bytes[1], bytes[2], bytes[3]});
  return {ip::make_address_v6(ip::v4_mapped, v4).to_bytes()};
}

std::optional<IpAddress> ip_from_socket(const sockaddr* address) {
  assert(address != nullptr);
  IpAddress out;
  if (address->sa_family == AF_INET) {
    sockaddr_in v4{};
    std::memcpy(&v4, address, sizeof v4);
    std::array<std::uint8_t, 4> bytes{};
    std::memcpy(bytes.data(), &v4.sin_addr, bytes.size());
    return ip_from_v4(bytes);
  }
  if (address->sa_family != AF_INET6) return std::nullopt;
  sockaddr_in6 v6{};
  std::memcpy(&v6, address, sizeof v6);
  std::memcpy(out.bytes.data(), &v6.sin6_addr, out.bytes.size());
  return out;
}

std::optional<IpAddress> parse_ip(std::string_view text) {
  // Asio accepts a zone, and ends at a NUL.
  if (text.find_first_of(std::string_view("%\0", 2)) != std::string_view::npos) return std::nullopt;
  boost::system::error_code failed;
  if (text.find(':') != std::string_view::npos) {
    const auto v6 = ip::make_address_v6(std::string(text), failed);
    return failed ? std::nullopt : std::optional(IpAddress{v6.to_bytes()});
  }
  const auto v4 = ip::make_address_v4(std::string(text), failed);
  return failed ? std::nullopt : std::optional(ip_from_v4(v4.to_bytes()));
}

std::string to_string(const IpAddress& address) {
  const ip::address_v6 v6(address.bytes);
  return v6.is_v4_mapped() ? ip::make_address_v4(ip::v4_mapped, v6).to_string() : v6.to_string();
}

bool IpNetwork::contains(const IpAddress& address) const {
  assert(bits >= 0 && bits <= 128);
  const auto whole = static_cast<std::size_t>(bits / 8);
  if (std::memcmp(base.bytes.data(), address.bytes.data(), whole) != 0) return false;
  const int rest = bits % 8;
  if (rest == 0) return true;
  const auto mask = static_cast<std::uint8_t>(0xff << (8 - rest));
  return ((base.bytes[whole] ^ address.bytes[whole]) & mask) == 0;
}

std::optional<IpNetwork> parse_network(std::string_view text) {
  const auto slash = text.find('/');
  const auto base = parse_ip(text.substr(0, slash));
  if (!base) return std::nullopt;
  if (slash == std::string_view::npos) return IpNetwork{*base, 128};
  const auto digits = text.substr(slash + 1);
  unsigned bits = 0;
  const auto [end, failed] = std::from_chars(digits.data(), digits.data() + digits.size(), bits);
  const unsigned most = base->is_v4() ? 32 : 128;
  if (failed != std::errc{} || end != digits.data() + digits.size() || bits > most)
    return std::nullopt;
  return IpNetwork{*base, static_cast<int>(bits) + (base->is_v4() ? kMappedBits : 0)};
}

bool any_contains(std::span<const IpNetwork> networks, const IpAddress& address) {
  return std::any_of(networks.begin(), networks.end(),
                     [&](const IpNetwork& network) { return network.contains(address); });
}

}  // namespace baton
