#include "mapping/net/url.h"

#include <gtest/gtest.h>

namespace baton {
namespace {

TEST(Url, RefusesUrlsThatMeanSomethingElse) {
  for (const char* url : {"",
                          "example.com",
                          "ftp://example.com/",
                          "file:///etc/passwd",
                          "http://",
                          "http:///x",
                          "http://a@example.com/",
                          "http://user:pw@example.com/",
                          "http://example.com:0/",
                          "http://example.com:65536/",
                          "http://example.com:/",
                          "http://exa mple.com/",
                          "http://example.com\\@evil.test/",
                          "http://127.1/",
                          "http://2130706433/",
                          "http://0x7f000001/",
                          "http://0177.0.0.1/",
                          "http://127.0.0.1.0x1/",
                          "http://[::1/",
                          "http://[127.0.0.1]/",
                          "http://[fe80::1%25eth0]/",
                          "http://ex\xc3\xa4mple.com/",
                          "http://example\xe3\x80\x82"
                          "com/",
                          "http://a%2eb/",
                          "http://example.com/\r\nX: y"}) {
    EXPECT_FALSE(parse_url(url)) << url;
  }
}

TEST(Url, ReadsUrls) {
  const auto plain = parse_url("HTTPS://Example.COM./a?b#c").value();
  EXPECT_TRUE(plain.tls && plain.default_port);
  EXPECT_EQ(plain.host, "example.com");
  EXPECT_EQ(plain.port, 443);
  EXPECT_EQ(plain.target, "/a?b");
  const auto v6 = parse_url("http://[2001:db8::1]:8080?x=1").value();
  EXPECT_EQ(v6.host, "2001:db8::1");
  EXPECT_EQ(v6.port, 8080);
  EXPECT_EQ(v6.target, "/?x=1");
}

TEST(Url, KeepsTheTargetAsWritten) {
  EXPECT_EQ(parse_url("http://a/b c").has_value(), false);
  EXPECT_EQ(parse_url("http://a/x?where[0][type]={y}|z")->target, "/x?where[0][type]={y}|z");
}

TEST(HostPort, ReadsNamesAndAddressesWithAndWithoutPort) {
  EXPECT_EQ(parse_host_port("Cache_1")->host, "cache_1");
  EXPECT_FALSE(parse_host_port("cache")->port);
  EXPECT_EQ(parse_host_port("192.0.2.1:6379")->port, 6379);
  EXPECT_EQ(parse_host_port("[2001:DB8::1]:0443")->host, "2001:db8::1");
  EXPECT_EQ(parse_host_port("[2001:db8::1]:0443")->port, 443);
  for (const char* bad :
       {"", ":80", "a:", "a:x", "a:0", "a:65536", "a:99999999999", "a:-1", "a@b", "a..b", ".a",
        "a%41", "a b", "[::1", "[::1]x", "[127.0.0.1]", "[v1.x]", "2001:db8::1"})
    EXPECT_FALSE(parse_host_port(bad)) << bad;
}

}  // namespace
}  // namespace baton
