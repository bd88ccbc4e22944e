#include "mapping/schema/schema_fix.h"

#include <algorithm>

#include <gtest/gtest.h>

#include "mapping/json/json.h"

namespace baton {
namespace {

struct Outcome {
  Findings findings;
  std::optional<YamlDocument> fixed;
};

Outcome mend(std::string_view yaml, std::string_view kind) {
  Outcome out;
  const auto document = parse_yaml(yaml, "f.yaml", out.findings);
  out.fixed = check_and_fix(document, kind, out.findings);
  return out;
}

std::string at(const YamlDocument& document, std::string_view pointer) {
  json::error_code ec;
  const auto* node = document.value.find_pointer({pointer.data(), pointer.size()}, ec);
  return node == nullptr ? "nothing" : json::serialize(*node);
}

TEST(SchemaFix, ReturnsAValidDocumentUnchanged) {
  const auto out = mend("schema: 1\nlisten: {public: \"127.0.0.1:1\"}\n", "baton");
  EXPECT_TRUE(out.findings.empty());
  ASSERT_TRUE(out.fixed.has_value());
  EXPECT_EQ(at(*out.fixed, "/listen/public"), "\"127.0.0.1:1\"");
}

TEST(SchemaFix, ReadsAMisspeltKeyAsTheIntendedOneAndKeepsItsPosition) {
  const auto out = mend("schema: 1\nlissten: {public: \"127.0.0.1:1\"}\n", "baton");
  ASSERT_EQ(out.findings.size(), 1u);
  EXPECT_EQ(out.findings[0].code, "config.unknown_key");
  EXPECT_EQ(out.findings[0].suggestion, "listen");
  ASSERT_TRUE(out.fixed.has_value());
  EXPECT_EQ(at(*out.fixed, "/listen/public"), "\"127.0.0.1:1\"");
  EXPECT_EQ(out.fixed->at("/listen/public").line, 2);
}

TEST(SchemaFix, AMisspeltKeyDoesNotCountAsMissingToo) {
  const auto out = mend("shema: 1\n", "baton");
  ASSERT_EQ(out.findings.size(), 1u);
  EXPECT_EQ(out.findings[0].code, "config.unknown_key");
  EXPECT_TRUE(out.fixed.has_value());
}

TEST(SchemaFix, DropsFaultyValuesAndReportsEach) {
  const auto out =
      mend("adapter: typeform\nmax_body: many\nrequests_per_second: often\nregion: DE\n",
           "source_config");
  EXPECT_EQ(out.findings.size(), 2u);
  ASSERT_TRUE(out.fixed.has_value());
  EXPECT_EQ(at(*out.fixed, "/max_body"), "nothing");
  EXPECT_EQ(at(*out.fixed, "/region"), "\"DE\"");
}

TEST(SchemaFix, GivesUpIfNothingReadableIsLeft) {
  const auto out = mend("[1, 2]\n", "source_config");
  EXPECT_FALSE(out.findings.empty());
  EXPECT_FALSE(out.fixed.has_value());
}

}  // namespace
}  // namespace baton
