#include "tests/fuzz/address_reference.h"

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace baton::fuzz {
namespace {

using Bits = std::string;  // of '0' and '1'

Bits bits_of(const std::uint8_t* bytes, std::size_t count) {
  Bits bits;
  for (std::size_t i = 0; i < count * 8; ++i) bits += (bytes[i / 8] >> (7 - i % 8)) & 1 ? '1' : '0';
  return bits;
}

Bits number(unsigned value, int width) {
  Bits bits;
  for (int i = width - 1; i >= 0; --i) bits += (value >> i) & 1 ? '1' : '0';
  return bits;
}

// The first `length` bits of the given groups; missing groups are zero.
template <std::size_t N>
Bits prefix(const unsigned (&groups)[N], int width, std::size_t length) {
  Bits bits;
  for (const auto group : groups) bits += number(group, width);
  bits.resize(128, '0');
  return bits.substr(0, length);
}

Bits v4(unsigned a, unsigned b, unsigned c, unsigned d, std::size_t length) {
  return prefix({a, b, c, d}, 8, length);
}
Bits v6(unsigned a, unsigned b, unsigned c, std::size_t length) {
  return prefix({a, b, c}, 16, length);
}

// The IANA IPv4 Special-Purpose Address Registry (RFC 6890), every block in it, even those marked
// as globally reachable (anycast helpers that serve no API), and multicast (RFC 5771).
bool v4_is_public(const Bits& bits) {
  static const Bits kSpecial[] = {
      v4(0, 0, 0, 0, 8),       v4(10, 0, 0, 0, 8),     v4(100, 64, 0, 0, 10),
      v4(127, 0, 0, 0, 8),     v4(169, 254, 0, 0, 16), v4(172, 16, 0, 0, 12),
      v4(192, 0, 0, 0, 24),    v4(192, 0, 2, 0, 24),   v4(192, 31, 196, 0, 24),
      v4(192, 52, 193, 0, 24), v4(192, 88, 99, 0, 24), v4(192, 168, 0, 0, 16),
      v4(192, 175, 48, 0, 24), v4(198, 18, 0, 0, 15),  v4(198, 51, 100, 0, 24),
      v4(203, 0, 113, 0, 24),  v4(224, 0, 0, 0, 4),    v4(240, 0, 0, 0, 4)};
  for (const auto& block : kSpecial) {
    if (bits.starts_with(block)) return false;
  }
  return true;
}

// The IPv4 address that a gateway of the transition mechanisms would forward to.
std::optional<Bits> carried_v4(const Bits& bits) {
  const Bits last = bits.substr(96);
  if (bits.starts_with(Bits(80, '0') + Bits(16, '1'))) return last;  // mapped, RFC 4291 2.5.5.2
  if (bits.starts_with(v6(0x64, 0xff9b, 0, 96))) return last;        // NAT64, RFC 6052
  if (bits.starts_with(v6(0x2002, 0, 0, 16))) return bits.substr(16, 32);  // 6to4, RFC 3056
  if (bits.starts_with(Bits(96, '0')) && last > number(1, 32))
    return last;  // compatible, RFC 4291 2.5.5.1
  return std::nullopt;
}

// The IANA IPv6 Special-Purpose Address Registry and RFC 4291 2.4: the internet routes no unicast
// outside 2000::/3.
bool v6_is_public(const Bits& bits) {
  static const Bits kSpecial[] = {v6(0x2001, 0, 0, 23), v6(0x2001, 0xdb8, 0, 32),
                                  v6(0x3fff, 0, 0, 20)};
  if (!bits.starts_with("001")) return false;
  for (const auto& block : kSpecial) {
    if (bits.starts_with(block)) return false;
  }
  return true;
}

}  // namespace

bool reference_is_public(const std::array<std::uint8_t, 16>& address) {
  const Bits bits = bits_of(address.data(), address.size());
  const auto v4_bits = carried_v4(bits);
  return v4_bits ? v4_is_public(*v4_bits) : v6_is_public(bits);
}

}  // namespace baton::fuzz
