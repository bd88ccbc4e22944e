#include "mapping/schema/yaml.h"

#include <random>

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "mapping/json/json.h"

namespace baton {
namespace {

using testing::HasSubstr;

struct Parsed {
  YamlDocument document;
  Findings findings;
};

Parsed parse(std::string_view text) {
  Parsed out;
  out.document = parse_yaml(text, "test.yaml", out.findings);
  return out;
}

json::value value_of(std::string_view text) {
  Parsed parsed = parse(text);
  for (const Finding& f : parsed.findings) ADD_FAILURE() << to_string(f);
  return parsed.document.value;
}

Finding only_finding(std::string_view text) {
  Parsed parsed = parse(text);
  EXPECT_EQ(parsed.findings.size(), 1U);
  return parsed.findings.empty() ? Finding{} : parsed.findings.front();
}

TEST(Yaml, TypesPlainScalarsByTheCoreSchema) {
  const json::value v = value_of(
      "a: true\nb: False\nc: 12\nd: -3\ne: 1.5\nf: 2e3\ng: ~\nh:\ni: 0x1F\nj: 0o17\nk: null\nl: "
      ".5\n");
  const json::object& o = v.get_object();
  EXPECT_EQ(o.at("a"), true);
  EXPECT_EQ(o.at("b"), false);
  EXPECT_EQ(o.at("c"), 12);
  EXPECT_EQ(o.at("d"), -3);
  EXPECT_EQ(o.at("e"), 1.5);
  EXPECT_EQ(o.at("f"), 2000.0);
  EXPECT_TRUE(o.at("g").is_null());
  EXPECT_TRUE(o.at("h").is_null());
  EXPECT_EQ(o.at("i"), 31);
  EXPECT_EQ(o.at("j"), 15);
  EXPECT_TRUE(o.at("k").is_null());
  EXPECT_EQ(o.at("l"), 0.5);
}

TEST(Yaml, KeepsQuotedScalarsAndLookalikesAsText) {
  const json::value v = value_of(
      "a: \"12\"\nb: 'true'\nc: yes\nd: 4h\ne: 09:00\nf: 2026-03-09\ng: 01067\nh: inf\nj: "
      "+-5\nk: 1.2.3\n"
      "l: .nan\nm: !!str 12\nn: 1e\no: 99999999999999999999\n");
  for (const auto& [key, item] : v.get_object()) EXPECT_TRUE(item.is_string()) << key;
  EXPECT_EQ(v.at("g"), "01067");
  EXPECT_EQ(v.at("m"), "12");
}

TEST(Yaml, RecordsThePositionOfEveryNodeAndKey) {
  const Parsed p = parse("clocks:\n  - name: accept\n    budget: 4h\n  - name: first\n");
  ASSERT_TRUE(p.findings.empty());
  EXPECT_EQ(p.document.at("/clocks/0/budget").line, 3);
  EXPECT_EQ(p.document.at("/clocks/0/budget").column, 13);
  EXPECT_EQ(p.document.at("/clocks/0/budget#key").column, 5);
  EXPECT_EQ(p.document.at("/clocks/1/name").line, 4);
  EXPECT_EQ(p.document.at("/clocks/1/absent").line, 4) << "the nearest ancestor";
  EXPECT_EQ(p.document.at("/clocks/1/absent#key").line, 4);
  EXPECT_EQ(p.document.at("/nowhere/at/all").line, 1);
}

TEST(Yaml, EscapesKeysInPointers) {
  const Parsed p = parse("a/b:\n  c~d: 1\n");
  EXPECT_EQ(p.document.at("/a~1b/c~0d").line, 2);
}

TEST(Yaml, ReportsBothPositionsOfADuplicateKey) {
  const Finding f = only_finding("a: 1\nb: 2\na: 3\n");
  EXPECT_EQ(f.code, "config.duplicate_key");
  EXPECT_EQ(f.line, 3);
  EXPECT_EQ(f.column, 1);
  EXPECT_THAT(f.message, HasSubstr("line 1, column 1"));
}

TEST(Yaml, ReportsEveryDuplicateKey) {
  EXPECT_EQ(parse("a: {x: 1, x: 2}\nb: {y: 1, 'y': 2}\n").findings.size(), 2U);
}

TEST(Yaml, ReportsThePositionOfASyntaxError) {
  const Finding f = only_finding("a: 1\nb: [1, 2\nc: 3\n");
  EXPECT_EQ(f.code, "config.syntax");
  EXPECT_GE(f.line, 2);
  EXPECT_GT(f.column, 0);
}

TEST(Yaml, ReportsAnIndentingTab) {
  const Finding f = only_finding("a:\n\tb: 1\n\tc: 2\n");
  EXPECT_THAT(f.message, HasSubstr("tab"));
  EXPECT_EQ(f.line, 2);
  EXPECT_EQ(f.column, 1);
}

TEST(Yaml, NamesThePlaceOfWrongBytes) {
  const auto place = [](std::string_view text) {
    const Finding f = only_finding(std::string(text));
    return fmt::format("{}:{}: {}", f.line, f.column, f.message);
  };
  using namespace std::string_view_literals;
  EXPECT_EQ(place("a: 1\nb: \"\xc3\xa4\xff\"\n"sv),
            "2:6: not UTF-8; save the file in that encoding");
  EXPECT_EQ(place("a: 1\nb: x\0y\n"sv), "2:5: a NUL byte; remove it");
  EXPECT_EQ(place("\xff\xfe\x61\0"sv), "1:1: UTF-16; save the file as UTF-8");
}

TEST(Yaml, ExpandsAliasesWithinABudget) {
  EXPECT_EQ(value_of("a: &x [1, 2]\nb: *x\n").at("b"), json::value({1, 2}));
  std::string bomb = "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n";
  for (int i = 1; i < 9; ++i) {
    bomb += "a" + std::to_string(i) + ": &a" + std::to_string(i) + " [";
    for (int j = 0; j < 10; ++j) bomb += (j > 0 ? ", *a" : "*a") + std::to_string(i - 1);
    bomb += "]\n";
  }
  EXPECT_EQ(only_finding(bomb).code, "config.too_many_aliases");
}

TEST(Yaml, RefusesAnAliasIntoItself) {
  EXPECT_EQ(only_finding("a: &x [1, *x]\n").code, "config.syntax");
  EXPECT_EQ(only_finding("a: *nobody\n").code, "config.syntax");
}

TEST(Yaml, RefusesDeepNesting) {
  EXPECT_EQ(only_finding(std::string(65, '[') + std::string(65, ']')).code, "config.too_deep");
  EXPECT_TRUE(parse(std::string(64, '[') + std::string(64, ']')).findings.empty());
  EXPECT_EQ(parse(std::string(100'000, '[')).findings.size(), 1U);
}

TEST(Yaml, RefusesFeaturesThatConfigurationsNeverNeed) {
  EXPECT_EQ(only_finding("a: 1\n---\nb: 2\n").code, "config.syntax");
  EXPECT_EQ(only_finding("? [a]\n: 1\n").code, "config.syntax");
  EXPECT_EQ(only_finding("a: &x {b: 1}\nc:\n  <<: *x\n").code, "config.syntax");
  EXPECT_EQ(only_finding("a: !ruby/object:Gem 1\n").code, "config.syntax");
  EXPECT_EQ(only_finding("a: \"\xff\"\n").code, "config.syntax");
}

TEST(Yaml, ReadsAnEmptyTextAsNull) {
  EXPECT_TRUE(value_of("").is_null());
  EXPECT_TRUE(value_of("# only a comment\n").is_null());
}

TEST(Yaml, SurvivesAnyBytes) {
  for (std::uint64_t seed = 0; seed < 2000; ++seed) {
    std::mt19937_64 random(seed);
    static constexpr std::string_view kAlphabet = "ab: -[]{}\n\t&*!?|>'\"#%@,~0.\\<\xc3\xa4\xff";
    std::string text;
    for (std::uint64_t n = random() % 60; n > 0; --n)
      text += kAlphabet[random() % kAlphabet.size()];
    Findings findings;
    const YamlDocument document = parse_yaml(text, "random.yaml", findings);
    for (const Finding& f : findings) EXPECT_FALSE(f.message.empty()) << "seed " << seed;
    EXPECT_LE(document.at("").line, 61) << "seed " << seed;
  }
}

}  // namespace
}  // namespace baton
