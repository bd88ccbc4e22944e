#include "webhooks/http/client_address.h"

#include <gmock/gmock.h>

namespace baton {
namespace {

TEST(ClientAddress, ReadsAddressesWithAndWithoutPort) {
  EXPECT_EQ(to_string(*parse_address("192.0.2.1")), "192.0.2.1");
  EXPECT_EQ(to_string(*parse_address(" 192.0.2.1:443 ")), "192.0.2.1");
  EXPECT_EQ(to_string(*parse_address("2001:db8::1")), "2001:db8::1");
  EXPECT_EQ(to_string(*parse_address("[2001:db8::1]:443")), "2001:db8::1");
  EXPECT_EQ(parse_address("::ffff:192.0.2.1"), parse_address("192.0.2.1"));
  for (const auto* bad :
       {"", "unknown", "_hidden", "1.2.3", "1.2.3.4:x", "[::1", "[::1]x", "256.1.1.1", "0x7f.1"})
    EXPECT_FALSE(parse_address(bad)) << bad;
}

TEST(ClientAddress, CountsIpv6SubscribersByPrefix) {
  EXPECT_EQ(limit_key(*parse_address("2001:db8:1:2::1")),
            limit_key(*parse_address("2001:db8:1:2:ffff::9")));
  EXPECT_NE(limit_key(*parse_address("2001:db8:1:2::1")),
            limit_key(*parse_address("2001:db8:1:3::1")));
  EXPECT_NE(limit_key(*parse_address("192.0.2.1")), limit_key(*parse_address("192.0.2.2")));
}

struct ForwardedCase {
  const char* peer;
  std::vector<std::string_view> values;
  ForwardedHeader kind;
  const char* client;
};

TEST(ClientAddress, TrustsConfiguredProxiesOnly) {
  const std::vector<IpNetwork> trusted{*parse_network("10.0.0.0/8"), *parse_network("127.0.0.1")};
  constexpr auto kX = ForwardedHeader::kXForwardedFor;
  constexpr auto kF = ForwardedHeader::kForwarded;
  const std::vector<ForwardedCase> cases = {
      {"203.0.113.9", {"198.51.100.1"}, kX, "203.0.113.9"},
      {"10.0.0.1", {"198.51.100.1"}, kX, "198.51.100.1"},
      {"10.0.0.1", {"6.6.6.6, 198.51.100.1"}, kX, "198.51.100.1"},
      {"10.0.0.1", {"6.6.6.6, 198.51.100.1, 10.0.0.2"}, kX, "198.51.100.1"},
      {"10.0.0.1", {"198.51.100.1", "10.0.0.2"}, kX, "198.51.100.1"},
      {"10.0.0.1", {"6.6.6.6", "unknown"}, kX, "10.0.0.1"},
      {"10.0.0.1", {""}, kX, "10.0.0.1"},
      {"10.0.0.1", {"198.51.100.1,"}, kX, "10.0.0.1"},
      {"127.0.0.1", {"for=198.51.100.1;proto=https"}, kF, "198.51.100.1"},
      {"127.0.0.1", {"for=6.6.6.6, proto=https;For=\"[2001:db8::1]:80\""}, kF, "2001:db8::1"},
      {"127.0.0.1", {"for=_hidden"}, kF, "127.0.0.1"},
  };
  for (const auto& c : cases) {
    const auto client = client_address(*parse_address(c.peer), c.values, c.kind, trusted);
    EXPECT_EQ(to_string(client), c.client) << c.peer << " with " << c.values.front();
  }
}

}  // namespace
}  // namespace baton
