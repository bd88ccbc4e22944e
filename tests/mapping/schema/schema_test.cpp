#include "mapping/schema/schema.h"

#include <random>
#include <set>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <valijson/adapters/boost_json_adapter.hpp>
#include <valijson/schema.hpp>
#include <valijson/schema_parser.hpp>
#include <valijson/validator.hpp>

#include "mapping/json/json.h"
#include "mapping/schema/schema_check.h"

namespace baton {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

constexpr std::string_view kClocks = R"({
  "type": "object", "additionalProperties": false, "required": ["version"],
  "properties": {
    "version": {"type": "integer", "minimum": 1, "maximum": 2},
    "mode": {"enum": ["observe", "live"]},
    "zone": {"type": "string", "minLength": 1, "maxLength": 5},
    "clocks": {"type": "array", "minItems": 1, "uniqueItems": true, "items": {"$ref": "#/definitions/clock"}},
    "weights": {"type": "object", "minProperties": 1, "additionalProperties": {"type": "number"},
                "propertyNames": {"pattern": "^[a-z]+$", "description": "lower-case letters"}},
    "when": {"oneOf": [
      {"type": "string"},
      {"type": "object", "additionalProperties": false, "required": ["kind", "n"],
       "properties": {"kind": {"const": "count"}, "n": {"type": "integer"}}},
      {"type": "object", "additionalProperties": false, "required": ["kind", "path"],
       "properties": {"kind": {"const": "path"}, "path": {"type": "string"}}}]}
  },
  "definitions": {"clock": {
    "type": "object", "additionalProperties": false, "required": ["name", "budget"],
    "properties": {"name": {"type": "string"},
                   "budget": {"type": "string", "pattern": "^([0-9]+(ms|s|m|h|d))+$",
                              "description": "a length of time such as 4h or 1h30m"}}}}})";

json::object schema_of(std::string_view text) { return json::parse(text).as_object(); }

Findings check(std::string_view yaml, std::string_view schema = kClocks) {
  Findings findings;
  const YamlDocument document = parse_yaml(yaml, "sla.yaml", findings);
  EXPECT_TRUE(findings.empty());
  return check_against(document, schema_of(schema));
}

std::vector<std::string> messages_of(std::string_view yaml) {
  std::vector<std::string> out;
  for (const Finding& f : check(yaml)) out.push_back(to_string(f));
  return out;
}

TEST(Schema, FindsNothingInAValidFile) {
  EXPECT_THAT(
      messages_of(
          "version: 1\nclocks:\n  - {name: accept, budget: 4h}\nwhen: {kind: count, n: 2}\n"),
      ElementsAre());
}

TEST(Schema, SuggestsTheKnownKeyForAnUnknownOne) {
  EXPECT_THAT(
      messages_of("version: 1\nclocks:\n  - name: accept\n    budgte: 4h\n"),
      ElementsAre(
          "sla.yaml:3:5: entry 1 of \"clocks\" lacks the key \"budget\" [config.missing_key]",
          "sla.yaml:4:5: unknown key \"budgte\"; did you mean \"budget\"? [config.unknown_key]"));
}

TEST(Schema, ReportsAllFaultsTogether) {
  const auto findings = check(
      "version: 3\nmode: obsreve\nzone: ''\nclocks: []\nweights: {A: 1, b: x}\nwhen: 4\nxyzzy: "
      "1\n");
  std::multiset<std::string> codes;
  for (const Finding& f : findings) codes.insert(f.code);
  EXPECT_EQ(codes.count("config.bad_value"), 5U);
  EXPECT_EQ(codes.count("config.wrong_type"), 2U);
  EXPECT_EQ(codes.count("config.unknown_key"), 1U);
}

TEST(Schema, ReportsTheExpectedValue) {
  EXPECT_THAT(
      messages_of("version: one\n"),
      ElementsAre(
          "sla.yaml:1:10: \"version\" must be a whole number, not text [config.wrong_type]"));
  EXPECT_THAT(
      messages_of("version: 1\nzone: 12\n"),
      ElementsAre("sla.yaml:2:7: \"zone\" must be text; put it in quotes [config.wrong_type]"));
  EXPECT_THAT(
      messages_of("version:\n"),
      ElementsAre(
          "sla.yaml:1:1: \"version\" must be a whole number, but is empty [config.wrong_type]"));
  EXPECT_THAT(
      messages_of("version: 1\nmode: lvie\n"),
      ElementsAre("sla.yaml:2:7: \"mode\" must be one of observe, live, not \"lvie\"; did you mean "
                  "\"live\"? [config.bad_value]"));
  EXPECT_THAT(messages_of("version: 1\nmode: 1\n"),
              ElementsAre(HasSubstr("must be one of observe, live, not 1 [")));
  EXPECT_THAT(messages_of("version: 0\n"), ElementsAre(HasSubstr("must be at least 1")));
}

TEST(Schema, DescribesAPatternInWordsAndNeverQuotesTheValue) {
  EXPECT_THAT(
      messages_of("version: 1\nclocks:\n  - {name: a, budget: s3cret}\n"),
      ElementsAre(
          "sla.yaml:3:23: \"budget\" does not have the expected form: a length of time such as 4h "
          "or 1h30m [config.bad_value]"));
}

TEST(Schema, ReportsOnlyTheFaultsOfTheIntendedAlternative) {
  EXPECT_THAT(messages_of("version: 1\nwhen: {kind: count, m: 2}\n"),
              ElementsAre(HasSubstr("lacks the key \"n\""), HasSubstr("unknown key \"m\"")));
  EXPECT_THAT(messages_of("version: 1\nwhen: {kind: paht, path: /a}\n"),
              ElementsAre("sla.yaml:2:14: \"kind\" must be one of count, path, not \"paht\"; did "
                          "you mean \"path\"? "
                          "[config.bad_value]"));
  EXPECT_THAT(
      messages_of("version: 1\nwhen: [1]\n"),
      ElementsAre("sla.yaml:2:7: \"when\" must be text or a mapping (key: value), not a list "
                  "[config.wrong_type]"));
}

TEST(Schema, RefusesAnEmptyFile) {
  EXPECT_THAT(messages_of(""),
              ElementsAre(HasSubstr("must be a mapping (key: value), but is empty")));
}

TEST(Schema, TerminatesForASchemaThatRefersToItself) {
  EXPECT_TRUE(check("a: 1\n", R"({"$ref": "#"})").empty());
}

TEST(Schema, SuggestsNothingForADissimilarWord) {
  EXPECT_EQ(did_you_mean("budgte", {"name", "budget"}), "budget");
  EXPECT_EQ(did_you_mean("Mode", {"mode"}), "mode");
  EXPECT_EQ(did_you_mean("xyzzy", {"mode", "name"}), "");
  EXPECT_EQ(did_you_mean("a", {"b"}), "");
  EXPECT_EQ(did_you_mean("", {"b"}), "");
  EXPECT_EQ(did_you_mean("teh_budget", {"bud", "the_budget", "teh_budgets"}), "the_budget");
}

bool judge_accepts(const json::value& schema_json, const json::value& document) {
  using valijson::adapters::BoostJsonAdapter;
  valijson::Schema schema;
  valijson::SchemaParser parser;
  parser.populateSchema(BoostJsonAdapter(schema_json), schema);
  valijson::Validator validator;
  return validator.validate(schema, BoostJsonAdapter(document), nullptr);
}

json::value random_document(std::mt19937_64& random, int depth) {
  static const std::vector<std::string> kKeys{"version", "mode", "zone", "clocks",
                                              "weights", "when", "name", "budget",
                                              "kind",    "n",    "path", "x"};
  static const std::vector<json::value> kLeaves{
      1, 2, 7, -1, 1.5, true, nullptr, "observe", "4h", "count", "path", "", "long text"};
  switch (depth > 3 ? 2 : random() % 4) {
    case 0: {
      json::object o;
      for (std::uint64_t n = random() % 4; n > 0; --n)
        o[kKeys[random() % kKeys.size()]] = random_document(random, depth + 1);
      return o;
    }
    case 1: {
      json::array a;
      for (std::uint64_t n = random() % 3; n > 0; --n)
        a.push_back(random_document(random, depth + 1));
      return a;
    }
    default:
      return kLeaves[random() % kLeaves.size()];
  }
}

// A valid document with some members replaced, so that both verdicts occur.
json::value likely_document(std::mt19937_64& random) {
  json::object o{{"version", 1},
                 {"mode", "live"},
                 {"clocks", json::array{json::object{{"name", "a"}, {"budget", "4h"}}}},
                 {"weights", json::object{{"a", 1}}},
                 {"when", json::object{{"kind", "path"}, {"path", "/a"}}}};
  if (random() % 3 == 0) o["version"] = random_document(random, 3);
  if (random() % 3 == 0) o["when"] = random_document(random, 1);
  if (random() % 3 == 0) o["weights"] = random_document(random, 2);
  if (random() % 3 == 0) o["clocks"] = random_document(random, 1);
  return o;
}

TEST(Schema, AgreesWithAnIndependentValidator) {
  const json::value schema = json::parse(kClocks);
  int accepted = 0;
  for (std::uint64_t seed = 0; seed < 3000; ++seed) {
    std::mt19937_64 random(seed);
    YamlDocument document;
    document.value = seed % 2 == 0 ? random_document(random, 0) : likely_document(random);
    const bool ours = check_against(document, schema.get_object()).empty();
    accepted += ours ? 1 : 0;
    EXPECT_EQ(ours, judge_accepts(schema, document.value))
        << "seed " << seed << ": " << json::serialize(document.value);
  }
  EXPECT_GT(accepted, 100);
}

const std::set<std::string> kKnown{"$schema",
                                   "$id",
                                   "$ref",
                                   "$comment",
                                   "title",
                                   "description",
                                   "default",
                                   "examples",
                                   "definitions",
                                   "type",
                                   "enum",
                                   "const",
                                   "properties",
                                   "patternProperties",
                                   "additionalProperties",
                                   "propertyNames",
                                   "required",
                                   "minProperties",
                                   "maxProperties",
                                   "items",
                                   "minItems",
                                   "maxItems",
                                   "uniqueItems",
                                   "minimum",
                                   "maximum",
                                   "exclusiveMinimum",
                                   "exclusiveMaximum",
                                   "minLength",
                                   "maxLength",
                                   "pattern",
                                   "allOf",
                                   "anyOf",
                                   "oneOf",
                                   "not"};

// Walks a schema and returns keywords that the checker would silently ignore.
void unknown_keywords(const json::value& v, const std::string& at, std::vector<std::string>& out) {
  if (!v.is_object()) return;
  for (const auto& [key, value] : v.get_object()) {
    const std::string name(key);
    if (!kKnown.contains(name)) out.push_back(at + "/" + name);
    if (name == "properties" || name == "patternProperties" || name == "definitions") {
      for (const auto& [child, schema] : value.as_object())
        unknown_keywords(schema, at + "/" + name + "/" + std::string(child), out);
    } else if (name == "allOf" || name == "anyOf" || name == "oneOf") {
      for (const json::value& schema : value.as_array())
        unknown_keywords(schema, at + "/" + name, out);
    } else if (name == "items" || name == "additionalProperties" || name == "not" ||
               name == "propertyNames") {
      unknown_keywords(value, at + "/" + name, out);
    }
  }
}

TEST(Schema, KnowsEveryKeywordOfTheBuiltInSchemas) {
  for (const std::string& kind : schema_kinds()) {
    const auto parsed = parse_json(schema_text(kind));
    ASSERT_TRUE(parsed.has_value()) << kind;
    std::vector<std::string> unknown;
    unknown_keywords(*parsed, "", unknown);
    EXPECT_THAT(unknown, ElementsAre()) << kind;
  }
}

TEST(Schema, ReportsAnUnknownSchema) {
  EXPECT_EQ(schema_text("nonsense"), "");
  EXPECT_EQ(check_schema(YamlDocument{}, "nonsense").size(), 1U);
}

}  // namespace
}  // namespace baton
