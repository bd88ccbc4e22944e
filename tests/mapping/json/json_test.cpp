#include "mapping/json/json.h"

#include <random>

#include <gtest/gtest.h>

namespace baton {
namespace {

std::string canonical_of(std::string_view text) {
  auto parsed = parse_json(text);
  if (!parsed.has_value()) return "error: " + parsed.error().message;
  return canonical(*parsed);
}

TEST(Json, SortsMembersByUtf16CodeUnits) {
  // RFC 8785, 3.2.3, without the members whose order the standard shows only in its text.
  const std::string_view example =
      R"({"\u20ac":"Euro Sign","\r":"Carriage Return","\ufb33":"Hebrew Letter Dalet With Dagesh",)"
      R"("1":"One","\ud83d\ude00":"Emoji: Grinning Face","\u0080":"Control","\u00f6":"O Diaeresis"})";
  const std::string out = canonical_of(example);
  std::size_t last = 0;
  for (const char* value : {"Carriage Return", "One", "Control", "O Diaeresis", "Euro Sign",
                            "Emoji: Grinning Face", "Hebrew Letter Dalet With Dagesh"}) {
    const std::size_t at = out.find(value);
    ASSERT_NE(at, std::string::npos) << value;
    EXPECT_GE(at, last) << value;
    last = at;
  }
}

TEST(Json, RefusesNumbersOutOfTheRangeOfDouble) {
  EXPECT_FALSE(parse_json(R"({"a":[1e400]})"));
  EXPECT_FALSE(parse_json("-" + std::string(400, '9')));
  EXPECT_TRUE(parse_json("[1e308,18446744073709551616]"));
}

TEST(Json, WritesTextAndLiteralsAsInRfc8785) {
  EXPECT_EQ(canonical_of(R"({"string": "\u20ac$\u000F\u000aA'\u0042\u0022\u005c\\\"\/",)"
                         "\n  \"literals\": [null, true, false]}"),
            "{\"literals\":[null,true,false],\"string\":\"€$\\u000f\\nA'B\\\"\\\\\\\\\\\"/\"}");
  EXPECT_EQ(canonical_of(R"({"b":[56,{"d":true,"10":null,"1":[]}],"a":""})"),
            R"({"a":"","b":[56,{"1":[],"10":null,"d":true}]})");
  EXPECT_EQ(canonical_of("18446744073709551615"), "18446744073709551615");
  EXPECT_EQ(canonical_of("-9223372036854775808"), "-9223372036854775808");
}

TEST(Json, HashesEqualContentEqually) {
  EXPECT_EQ(sha256_hex("abc"), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  EXPECT_EQ(content_hash(json::parse(R"({"a":1,"b":2})")),
            content_hash(json::parse(R"({ "b": 2, "a": 1 })")));
}

TEST(Json, RefusesDeepNesting) {
  const std::string deep = std::string(10'000, '[') + std::string(10'000, ']');
  EXPECT_FALSE(parse_json(deep).has_value());
  EXPECT_TRUE(parse_json(std::string(64, '[') + std::string(64, ']')).has_value());
  EXPECT_FALSE(parse_json(std::string(65, '[') + std::string(65, ']')).has_value());
}

TEST(Json, RefusesInvalidJson) {
  for (const char* text : {"", " ", "{", "{\"a\":1", "[1,]", "{'a':1}", "\"\xFF\"", "\"\xC3\"",
                           "\"\xED\xA0\x80\"", "1 2", "{} x", "nul", "\"\n\"", "NaN", "01"}) {
    const auto parsed = parse_json(text);
    ASSERT_FALSE(parsed.has_value()) << text;
    EXPECT_EQ(parsed.error().code, Errc::kInvalidInput) << text;
    EXPECT_FALSE(parsed.error().where.empty()) << text;
  }
  EXPECT_TRUE(parse_json(" {\"a\": 1} \r\n").has_value());
}

TEST(Json, KeepsTheLastOfDuplicateMembers) {
  EXPECT_EQ(canonical_of(R"({"a":1,"a":2})"), R"({"a":2})");
}

TEST(Json, ReadsMembersWithoutThrowing) {
  const json::object o =
      json::parse(R"({"t":"x","i":7,"b":true,"o":{},"a":[],"u":18446744073709551615})").as_object();
  EXPECT_EQ(text(o, "t"), "x");
  EXPECT_EQ(text(o, "i", "none"), "none");
  EXPECT_EQ(integer(o, "i"), 7);
  EXPECT_EQ(integer(o, "u", -1), -1);
  EXPECT_EQ(integer(o, "t", 3), 3);
  EXPECT_TRUE(boolean(o, "b"));
  EXPECT_NE(object(o, "o"), nullptr);
  EXPECT_EQ(object(o, "a"), nullptr);
  EXPECT_NE(array(o, "a"), nullptr);
  EXPECT_EQ(member(o, "absent"), nullptr);
}

TEST(Json, CanonicalFormIsAFixedPointOnRandomDocuments) {
  for (std::uint64_t seed = 0; seed < 2000; ++seed) {
    std::mt19937_64 random(seed);
    json::object o;
    for (std::uint64_t n = random() % 6; n > 0; --n) {
      std::string key;
      for (std::uint64_t k = random() % 4; k > 0; --k)
        key += std::array<const char*, 6>{"a", "é", "\xEF\xBF\xBD", "😀", "\"", "\n"}[random() % 6];
      o[key] =
          random() % 2 == 0 ? json::value(static_cast<std::int64_t>(random())) : json::value(key);
    }
    const std::string once = canonical(o);
    EXPECT_EQ(canonical_of(once), once) << "seed " << seed;
  }
}

}  // namespace
}  // namespace baton
