#include "mapping/net/ip_address.h"

#include <arpa/inet.h>
#include <netinet/in.h>

#include <gtest/gtest.h>

namespace baton {
namespace {

TEST(IpAddress, HasOneValueForBothSpellingsOfAnIpv4Address) {
  EXPECT_EQ(parse_ip("::ffff:192.0.2.1"), parse_ip("192.0.2.1"));
  EXPECT_EQ(to_string(*parse_ip("::ffff:192.0.2.1")), "192.0.2.1");
  EXPECT_TRUE(parse_ip("192.0.2.1")->is_v4());
  EXPECT_FALSE(parse_ip("::192.0.2.1")->is_v4());
  EXPECT_EQ(to_string(*parse_ip("2001:DB8:0:0::1")), "2001:db8::1");
}

TEST(IpAddress, RefusesOtherTexts) {
  for (const std::string_view bad :
       {"", "1.2.3", "01.2.3.4", "1.2.3.4 ", "256.1.1.1", "0x7f.1", "[::1]", "::1%lo",
        "fe80::1%25eth0", "1:2:3:4:5:6:7:8:9", "host"})
    EXPECT_FALSE(parse_ip(bad)) << bad;
  EXPECT_FALSE(parse_ip(std::string_view("::1\0", 4)));
  EXPECT_FALSE(parse_ip(std::string(100'000, ':')));
}

TEST(IpAddress, IsReadFromSocketAddresses) {
  sockaddr_in v4{};
  v4.sin_family = AF_INET;
  inet_pton(AF_INET, "192.0.2.1", &v4.sin_addr);
  EXPECT_EQ(ip_from_socket(reinterpret_cast<const sockaddr*>(&v4)), parse_ip("192.0.2.1"));
  sockaddr_in6 v6{};
  v6.sin6_family = AF_INET6;
  inet_pton(AF_INET6, "2001:db8::1", &v6.sin6_addr);
  EXPECT_EQ(ip_from_socket(reinterpret_cast<const sockaddr*>(&v6)), parse_ip("2001:db8::1"));
  v6.sin6_family = AF_UNIX;
  EXPECT_FALSE(ip_from_socket(reinterpret_cast<const sockaddr*>(&v6)));
}

TEST(IpNetwork, ContainsItsAddresses) {
  EXPECT_TRUE(parse_network("10.0.0.0/8")->contains(*parse_ip("10.255.0.1")));
  EXPECT_FALSE(parse_network("10.0.0.0/8")->contains(*parse_ip("11.0.0.1")));
  EXPECT_TRUE(parse_network("10.1.2.0/23")->contains(*parse_ip("10.1.3.9")));
  EXPECT_FALSE(parse_network("10.1.2.0/23")->contains(*parse_ip("10.1.4.9")));
  EXPECT_TRUE(parse_network("2001:db8::/32")->contains(*parse_ip("2001:db8:1::1")));
  EXPECT_TRUE(parse_network("0.0.0.0/0")->contains(*parse_ip("8.8.8.8")));
  EXPECT_FALSE(parse_network("0.0.0.0/0")->contains(*parse_ip("2001:db8::1")));
  EXPECT_TRUE(parse_network("192.0.2.1")->contains(*parse_ip("192.0.2.1")));
  for (const auto* bad : {"10.0.0.0/33", "10.0.0.0/-1", "10.0.0.0/", "10.0.0.0/8x", "::/129",
                          "host/8", "10.0.0.0/-0"})
    EXPECT_FALSE(parse_network(bad)) << bad;
}

}  // namespace
}  // namespace baton
