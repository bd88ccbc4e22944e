#include "adapters/engine/http/address_policy.h"

#include <cstdio>
#include <random>

#include <fmt/format.h>
#include <gtest/gtest.h>

namespace baton {
namespace {

AddressKind kind(const char* text) { return classify(parse_ip(text).value()); }

TEST(AddressPolicy, ClassifiesKnownAddresses) {
  EXPECT_EQ(kind("8.8.8.8"), AddressKind::kPublic);
  EXPECT_EQ(kind("2606:4700::1111"), AddressKind::kPublic);
  EXPECT_EQ(kind("0.0.0.0"), AddressKind::kUnspecified);
  EXPECT_EQ(kind("::"), AddressKind::kUnspecified);
  EXPECT_EQ(kind("127.255.255.255"), AddressKind::kLoopback);
  EXPECT_EQ(kind("::1"), AddressKind::kLoopback);
  EXPECT_EQ(kind("::ffff:127.0.0.1"), AddressKind::kLoopback);
  EXPECT_EQ(kind("::7f00:1"), AddressKind::kLoopback);
  EXPECT_EQ(kind("64:ff9b::7f00:1"), AddressKind::kLoopback);
  EXPECT_EQ(kind("64:ff9b::808:808"), AddressKind::kPublic);
  EXPECT_EQ(kind("2002:7f00:1::"), AddressKind::kLoopback);
  EXPECT_EQ(kind("2002:a00:1::1"), AddressKind::kPrivate);
  EXPECT_EQ(kind("2001:0:7f00:1::"), AddressKind::kReserved);
  EXPECT_EQ(kind("169.254.169.254"), AddressKind::kLinkLocal);
  EXPECT_EQ(kind("fe80::1"), AddressKind::kLinkLocal);
  EXPECT_EQ(kind("172.31.255.255"), AddressKind::kPrivate);
  EXPECT_EQ(kind("172.32.0.0"), AddressKind::kPublic);
  EXPECT_EQ(kind("100.64.0.1"), AddressKind::kSharedNat);
  EXPECT_EQ(kind("fd12::1"), AddressKind::kPrivate);
  EXPECT_EQ(kind("239.1.1.1"), AddressKind::kMulticast);
  EXPECT_EQ(kind("ff02::1"), AddressKind::kMulticast);
  EXPECT_EQ(kind("255.255.255.255"), AddressKind::kReserved);
  EXPECT_EQ(kind("4000::1"), AddressKind::kReserved);
}

// The same rules again, slowly: every range by its first and last address.
AddressKind slow_v4(std::uint32_t a) {
  const auto in = [a](std::uint32_t first, std::uint32_t last) { return a >= first && a <= last; };
  if (a == 0) return AddressKind::kUnspecified;
  if (in(0x00000001, 0x00FFFFFF)) return AddressKind::kReserved;
  if (in(0x0A000000, 0x0AFFFFFF) || in(0xAC100000, 0xAC1FFFFF) || in(0xC0A80000, 0xC0A8FFFF))
    return AddressKind::kPrivate;
  if (in(0x64400000, 0x647FFFFF)) return AddressKind::kSharedNat;
  if (in(0x7F000000, 0x7FFFFFFF)) return AddressKind::kLoopback;
  if (in(0xA9FE0000, 0xA9FEFFFF)) return AddressKind::kLinkLocal;
  if (in(0xC0000000, 0xC00000FF) || in(0xC0000200, 0xC00002FF) || in(0xC01FC400, 0xC01FC4FF) ||
      in(0xC034C100, 0xC034C1FF) || in(0xC0586300, 0xC05863FF) || in(0xC0AF3000, 0xC0AF30FF) ||
      in(0xC6120000, 0xC613FFFF) || in(0xC6336400, 0xC63364FF) || in(0xCB007100, 0xCB0071FF) ||
      in(0xF0000000, 0xFFFFFFFF))
    return AddressKind::kReserved;
  if (in(0xE0000000, 0xEFFFFFFF)) return AddressKind::kMulticast;
  return AddressKind::kPublic;
}

TEST(AddressPolicy, AgreesWithASlowReferenceInEverySpelling) {
  const std::uint64_t seed = 20260301;
  std::mt19937_64 random(seed);
  const std::uint32_t edges[] = {0x00000000, 0x0A000000, 0x64400000, 0x7F000000, 0xA9FE0000,
                                 0xAC100000, 0xC0000000, 0xC0000200, 0xC0586300, 0xC0A80000,
                                 0xC6120000, 0xC6336400, 0xCB007100, 0xE0000000, 0xF0000000};
  for (int i = 0; i < 20'000; ++i) {
    auto a = static_cast<std::uint32_t>(random());
    if (i % 2 == 0)
      a = edges[random() % std::size(edges)] + static_cast<std::uint32_t>(random() % 512) - 256;
    const auto v4 = fmt::format("{}.{}.{}.{}", a >> 24, a >> 16 & 255, a >> 8 & 255, a & 255);
    const auto want = slow_v4(a);
    const auto hex = fmt::format("{:x}:{:x}", a >> 16, a & 0xFFFF);
    EXPECT_EQ(kind(v4.c_str()), want) << v4 << " seed " << seed;
    EXPECT_EQ(kind(("::ffff:" + v4).c_str()), want) << v4 << " mapped, seed " << seed;
    EXPECT_EQ(kind(("64:ff9b::" + hex).c_str()), want) << v4 << " NAT64, seed " << seed;
    EXPECT_EQ(kind(("2002:" + hex + "::5").c_str()), want) << v4 << " 6to4, seed " << seed;
    if (a <= 1) continue;  // "::" and "::1" have other meanings
    EXPECT_EQ(kind(("::" + hex).c_str()), want) << v4 << " compatible, seed " << seed;
  }
}

TEST(AddressPolicy, AllowsListedHostsAndNetworksOnly) {
  const auto policy =
      AddressPolicy::make({"crm.internal", "10.1.0.0/16", "fd00::/8", "192.168.7.7"}).value();
  const auto allows = [&](const char* host, const char* ip) {
    return policy.allows(host, parse_ip(ip).value());
  };
  EXPECT_TRUE(allows("x", "10.1.255.1"));
  EXPECT_FALSE(allows("x", "10.2.0.1"));
  EXPECT_TRUE(allows("CRM.internal", "10.2.0.1"));
  EXPECT_TRUE(allows("x", "fdab::1"));
  EXPECT_FALSE(allows("x", "::1"));
  EXPECT_TRUE(allows("x", "192.168.7.7"));
  EXPECT_FALSE(allows("x", "192.168.7.8"));
  EXPECT_TRUE(allows("x", "::ffff:10.1.0.1"));
  for (const char* bad : {"10.0.0.0/33", "10.0.0.0/", "fd00::/129", "foo/8", "", "::g"})
    EXPECT_FALSE(AddressPolicy::make({bad})) << bad;
}

}  // namespace
}  // namespace baton
