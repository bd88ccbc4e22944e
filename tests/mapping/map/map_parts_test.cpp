#include <gmock/gmock.h>

#include "mapping/json/decode.h"
#include "mapping/json/json_path.h"
#include "mapping/map/map_labels.h"
#include "mapping/map/map_unmapped.h"
#include "mapping/map/map_value.h"

namespace baton {
namespace {

using testing::ElementsAre;

json::value parsed(std::string_view text) {
  auto value = parse_json(text);
  EXPECT_TRUE(value) << text;
  return value ? *value : json::value();
}

std::string at(std::string_view path, std::string_view document) {
  const auto compiled = JsonPath::parse(path);
  if (!compiled) return "no path";
  const json::value root = parsed(document);
  const auto* found = compiled->find(root);
  return found == nullptr ? "absent" : json::serialize(*found);
}

TEST(JsonPath, FindsMembersElementsAndWildcards) {
  EXPECT_EQ(at("a.b[1].c", R"({"a":{"b":[0,{"c":5}]}})"), "5");
  EXPECT_EQ(at("a[*].c", R"({"a":[{"x":1},{"c":2}]})"), "2");
  EXPECT_EQ(at("a.*.c", R"({"a":{"x":{},"y":{"c":3}}})"), "3");
  EXPECT_EQ(at("hs_*", R"({"a":1,"hs_b":2})"), "2");
  EXPECT_EQ(at("\"total billed\".\"a.b\"", R"({"total billed":{"a.b":7}})"), "7");
  EXPECT_EQ(at("[0]", "[9]"), "9");
  EXPECT_EQ(at(".", "[9]"), "[9]");
  EXPECT_EQ(at("a.b", R"({"a":[1]})"), "absent");
  EXPECT_EQ(at("a[7]", R"({"a":[1]})"), "absent");
}

TEST(JsonPath, RefusesInvalidPaths) {
  for (const char* bad :
       {"", "a.", ".a", "a..b", "a[", "a[x]", "a[-1]", "a]", "\"a", "a\"b\"", "a.[0]", "\"a\"b"})
    EXPECT_FALSE(JsonPath::parse(bad)) << bad;
}

TEST(TextOf, EmptyValuesAreAbsent) {
  for (const char* blank : {"null", "\"\"", "\"  \"", "\"null\"", "[]", "{}", "[\"\",null]"}) {
    EXPECT_EQ(text_of(parsed(blank)), "") << blank;
    EXPECT_TRUE(is_blank(parsed(blank))) << blank;
  }
  for (const char* said : {"0", "false", "\"x\"", "[0]"})
    EXPECT_FALSE(is_blank(parsed(said))) << said;
}

TEST(TextOf, NumbersAreExactAndWithoutExponent) {
  EXPECT_EQ(text_of(parsed("126603412869")), "126603412869");
  EXPECT_EQ(text_of(parsed("18446744073709551615")), "18446744073709551615");
  EXPECT_EQ(text_of(parsed("-9223372036854775808")), "-9223372036854775808");
  EXPECT_EQ(text_of(parsed("1e21")), "1000000000000000000000");
  EXPECT_EQ(text_of(parsed("0.1")), "0.1");
  EXPECT_EQ(text_of(parsed("1.5e-7")), "0.00000015");
}

TEST(TextOf, TidiesWhitespaceAndControls) {
  EXPECT_EQ(text_of(parsed(R"(" Zee\tAli \r\n")")), "Zee Ali");
  EXPECT_EQ(text_of(parsed(R"("a\nb")")), "a\nb");
  EXPECT_EQ(text_of(parsed(R"(["","first","second"])")), "first");
  EXPECT_EQ(text_of(parsed(R"(["a","","b"])"), ", "), "a, b");
}

TEST(TextOf, CutsAtACodePoint) {
  EXPECT_EQ(cut("aü", 2), "a");
  EXPECT_EQ(cut("aü", 3), "aü");
}

TEST(ParseForm, BracketsNestAndRepeatedNamesBecomeLists) {
  const auto form = parse_form(
      "type=subscribe&data%5Bmerges%5D%5BFNAME%5D=Erika+B&list[]=1&list[]=2&x=1&x=2&&empty");
  ASSERT_TRUE(form);
  EXPECT_EQ(
      canonical(*form),
      R"({"data":{"merges":{"FNAME":"Erika B"}},"empty":"","list":["1","2"],"type":"subscribe","x":["1","2"]})");
}

TEST(ParseForm, RefusesInvalidForms) {
  EXPECT_FALSE(parse_form("a=%zz"));
  EXPECT_FALSE(parse_form("a=%4"));
  EXPECT_FALSE(parse_form("a=%FF"));
  std::string deep = "a";
  for (int i = 0; i < 20; ++i) deep += "[b]";
  EXPECT_FALSE(parse_form(deep + "=1"));
  std::string wide;
  for (int i = 0; i < 2001; ++i) wide += "a=1&";
  EXPECT_FALSE(parse_form(wide));
}

TEST(ParseForm, StrayBracketsBelongToTheName) {
  const auto form = parse_form("a]b=1&[c]=2&d[e=3");
  ASSERT_TRUE(form);
  EXPECT_EQ(form->get_object().size(), 3U);
}

TEST(FormatOf, ReadsContentTypes) {
  EXPECT_EQ(format_of("application/json; charset=utf-8"), BodyFormat::kJson);
  EXPECT_EQ(format_of("Application/CloudEvents+JSON"), BodyFormat::kJson);
  EXPECT_EQ(format_of("application/x-www-form-urlencoded"), BodyFormat::kForm);
  EXPECT_FALSE(format_of("text/html"));
  EXPECT_FALSE(format_of(""));
}

TEST(ClassifyLabel, RecognisesLabelsInSeveralLanguages) {
  const std::pair<const char*, Field> cases[] = {{"E-Mail-Adresse *", Field::kEmail},
                                                 {"Your work email", Field::kEmail},
                                                 {"Adresse e-mail", Field::kEmail},
                                                 {"Correo electrónico", Field::kEmail},
                                                 {"emailAddress", Field::kEmail},
                                                 {"enriched_email", Field::kEmail},
                                                 {"What's your full name?", Field::kFullName},
                                                 {"What’s your full name?", Field::kFullName},
                                                 {"Your Name and Surname", Field::kFullName},
                                                 {"Vor- und Nachname", Field::kFullName},
                                                 {"Vorname", Field::kFirstName},
                                                 {"Prénom", Field::kFirstName},
                                                 {"first_name", Field::kFirstName},
                                                 {"Ihr Nachname", Field::kLastName},
                                                 {"Фамилия", Field::kLastName},
                                                 {"Telefonnummer", Field::kPhone},
                                                 {"Company name", Field::kCompany},
                                                 {"Firma", Field::kCompany},
                                                 {"Société", Field::kCompany},
                                                 {"Anrede", Field::kSalutation},
                                                 {"Job title", Field::kJobTitle},
                                                 {"PLZ", Field::kPostalCode},
                                                 {"Unternehmensgröße", Field::kCompanySize},
                                                 {"Ihre Nachricht", Field::kMessage},
                                                 {"Business", Field::kCompany},
                                                 {"utm_source", Field::kUtmSource}};
  for (const auto& [label, field] : cases) EXPECT_EQ(classify_label(label), field) << label;
}

TEST(ClassifyLabel, LeavesOtherQuestionsAlone) {
  for (const char* label : {"Contact person from Rademade", "Project name", "How did you find us?",
                            "user_name", "Your location", "", "?", "E-mail of your colleague"})
    EXPECT_EQ(classify_label(label), Field::kNone) << label;
}

TEST(UnreadPaths, AreSortedBoundedAndWithoutValues) {
  const json::value root =
      parsed(R"({"z":1,"a":[{"b":"x"},{"b":"y"}],"n":null,"e":"","r":{"s":2}})");
  EXPECT_THAT(unread_paths(root, {&root.at("r")}), ElementsAre("a[].b", "z"));
  json::object wide;
  for (int i = 0; i < 200; ++i) wide["k" + std::to_string(1000 + i)] = 1;
  EXPECT_EQ(unread_paths(wide, {}).size(), 50U);
}

}  // namespace
}  // namespace baton
