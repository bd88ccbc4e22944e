#include "gateway/app/config/settings.h"

#include <fmt/format.h>
#include <gmock/gmock.h>

#include "gateway/app/config/interpolation.h"
#include "gateway/platform/files.h"
#include "mapping/json/json.h"
#include "mapping/schema/schema.h"
#include "tests/support/temp_folder.h"

namespace baton {
namespace {

Settings read(std::string_view yaml, Findings& findings) {
  const YamlDocument document = parse_yaml(yaml, "baton.yaml", findings);
  append(findings, check_schema(document, "baton"));
  return has_errors(findings) ? Settings{} : read_settings(document, "/etc/baton", findings);
}

TEST(Settings, HaveDefaultsForEverything) {
  Findings findings;
  const Settings s = read("schema: 1\n", findings);
  EXPECT_TRUE(findings.empty());
  EXPECT_EQ(to_string(s.public_listener), "127.0.0.1:8080");
  EXPECT_EQ(s.body_bytes, 1U << 20);
  EXPECT_EQ(s.data, "/etc/baton/data");
  EXPECT_TRUE(s.admin_tokens.empty());
}

TEST(Settings, AcceptUnits) {
  Findings findings;
  const Settings s = read(R"(
schema: 1
listen: {public: "[::1]:9000", public_url: "https://leads.example.com/"}
limits: {header: 8 KiB, body_time: 1m30s, connections: 50}
redis: {url: "redis://localhost:6379/0", partitions: 32}
data: /var/lib/baton
engine: {look_every: 25ms}
)",
                          findings);
  EXPECT_TRUE(findings.empty());
  EXPECT_EQ(s.public_listener.host, "::1");
  EXPECT_EQ(s.public_listener.port, 9000);
  EXPECT_EQ(s.public_url, "https://leads.example.com");
  EXPECT_EQ(s.header_bytes, 8192U);
  EXPECT_EQ(s.body_time, seconds(90));
  EXPECT_EQ(s.connections, 50);
  EXPECT_EQ(s.partitions, 32);
  EXPECT_EQ(s.data, "/var/lib/baton");
  EXPECT_EQ(s.look_every, milliseconds(25));
}

TEST(Settings, ReportEveryMistakeAtItsPlace) {
  Findings findings;
  read(R"(schema: 1
listen:
  public: "8080"
  public_url: leads.example.com
admin:
  tokens: [short]
engine:
  look_every: 1ms
)",
       findings);
  ASSERT_EQ(findings.size(), 4U);
  EXPECT_EQ(findings[0].line, 3);
  EXPECT_EQ(findings[1].line, 4);
  EXPECT_EQ(findings[2].line, 6);
  EXPECT_EQ(findings[3].line, 8);
}

TEST(Settings, WarnOfAProxyThatIsEveryAddress) {
  for (const auto* network : {"0.0.0.0/0", "::/0", "::ffff:1.2.3.4/0"}) {
    Findings findings;
    read(fmt::format("schema: 1\nlisten: {{trusted_proxies: [10.0.0.0/8, \"{}\"]}}\n", network),
         findings);
    ASSERT_EQ(findings.size(), 1U) << network;
    EXPECT_TRUE(findings[0].warning);
    EXPECT_THAT(findings[0].message, ::testing::HasSubstr(network));
  }
}

TEST(Settings, RefuseOneAddressForBothListeners) {
  Findings findings;
  read("schema: 1\nlisten: {public: \"127.0.0.1:8080\", admin: \"127.0.0.1:8080\"}\n", findings);
  ASSERT_EQ(findings.size(), 1U);
  EXPECT_EQ(findings[0].line, 2);
}

TEST(Settings, SuggestNamesForUnknownKeys) {
  Findings findings;
  read("schema: 1\nlimts: {body: 1 MiB}\n", findings);
  ASSERT_EQ(findings.size(), 1U);
  EXPECT_EQ(findings[0].code, "config.unknown_key");
  EXPECT_NE(findings[0].message.find("\"limits\""), std::string::npos);
}

TEST(Sizes, AreParsedWithoutOverflow) {
  EXPECT_EQ(parse_size("16 KiB"), 16384U);
  EXPECT_EQ(parse_size("4GiB"), 4ULL << 30);
  EXPECT_EQ(parse_size("7"), 7U);
  EXPECT_FALSE(parse_size("99999999999999 GiB"));
  EXPECT_FALSE(parse_size("1 MB"));
  EXPECT_FALSE(parse_size("-1"));
}

TEST(Endpoints, AreParsed) {
  EXPECT_TRUE(parse_endpoint("localhost:80"));
  EXPECT_FALSE(parse_endpoint("localhost"));
  EXPECT_FALSE(parse_endpoint("localhost:70000"));
  EXPECT_FALSE(parse_endpoint("[::1:80"));
  EXPECT_FALSE(parse_endpoint(":80"));
}

YamlDocument substituted(std::string_view yaml, const std::string& folder, Findings& findings) {
  YamlDocument document = parse_yaml(yaml, "x.yaml", findings);
  substitute_values(document, folder, findings);
  return document;
}

TEST(Substitution, ReadsEnvironmentVariablesAndFilesAsPlainText) {
  const TempFolder folder;
  ASSERT_TRUE(write_file_durably(folder.path() + "/secret", "a: [1]\n", 0600));
  ::setenv("BATON_TEST_VALUE", "from environment", 1);
  Findings findings;
  const auto document = substituted(
      "a: ${env:BATON_TEST_VALUE}\nb: \"${file:secret}\"\nc: ${env:BATON_NOT_SET:-fallback}\n",
      folder.path(), findings);
  EXPECT_TRUE(findings.empty());
  const auto& o = document.value.as_object();
  EXPECT_EQ(text(o, "a"), "from environment");
  EXPECT_EQ(text(o, "b"), "a: [1]");
  EXPECT_EQ(text(o, "c"), "fallback");
}

TEST(Substitution, ReportsMissingValuesAtTheirPlaces) {
  Findings findings;
  substituted("a: 1\nb: ${env:BATON_NOT_SET}\nc: ${file:nowhere}\n", "/nonexistent", findings);
  ASSERT_EQ(findings.size(), 2U);
  EXPECT_EQ(findings[0].line, 2);
  EXPECT_NE(findings[0].message.find("BATON_NOT_SET"), std::string::npos);
  EXPECT_EQ(findings[1].line, 3);
}

TEST(Substitution, KeepsPlaceholdersOfAdapters) {
  Findings findings;
  const auto document = substituted("a: \"https://${domain}/x\"\n", ".", findings);
  EXPECT_TRUE(findings.empty());
  EXPECT_EQ(text(document.value.as_object(), "a"), "https://${domain}/x");
}

}  // namespace
}  // namespace baton
