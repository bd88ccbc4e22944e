#include "adapters/engine/crm/crm_message.h"

#include <gtest/gtest.h>

namespace baton {
namespace {

std::string said(std::string_view message) {
  static const auto view = parse_json(
      R"({"email":"erika.beispiel@firma.example","phone":"+4930123456","first_name":"Erika",
      "last_name":"Müller-Beispiel","company":{"name":"Beispiel Maschinenbau GmbH"},"lead":{"stage":"mql"},
      "owner":{"email":"lena@vertrieb.example"}})");
  std::vector<std::string> words;
  add_personal_words(view->get_object(), words);
  return vendor_message(json::object{{"message", message}}, words);
}

TEST(CrmMessage, KeepsTheVendorsWords) {
  EXPECT_EQ(said("Property \"baton_grade\" does not exist"),
            "Property 'baton_grade' does not exist");
  EXPECT_EQ(said("Contact already exists. Existing ID: 37013"),
            "Contact already exists. Existing ID: 37013");
  EXPECT_EQ(said("marketingqualifiedlead was not one of the allowed options: [lead, customer]"),
            "marketingqualifiedlead was not one of the allowed options: [lead, customer]");
}

TEST(CrmMessage, RemovesThePerson) {
  EXPECT_EQ(said("Email address erika.beispiel@firma.example is invalid"),
            "Email address … is invalid");
  EXPECT_EQ(said("somebody.else@other.example holds it"), "… holds it");
  EXPECT_EQ(said("ERIKA's name Müller-Beispiel clashes"), "…'s name … clashes");
  EXPECT_EQ(said("Erika1 and erik are like her"), "… and … are like her");
  EXPECT_EQ(said("phone 030/123456, 0049301234567 or +49-30-123456"), "phone 030/…, … or …");
  EXPECT_EQ(said("Maschinenbau of lena"), "… of …");
}

TEST(CrmMessage, RemovesPossibleCredentials) {
  EXPECT_EQ(said("The token pat-eu1-4f5a6b7c-8d9e-0f1a is expired"), "The token … is expired");
}

TEST(CrmMessage, IsOneShortLine) {
  EXPECT_EQ(said("first\r\n{\"level\":\"error\"}\x1b[31m\x7f second"),
            "first {'level':'error'} [31m second");
  EXPECT_EQ(said("a\u2028b\u009b2Jc\u0085\u2029d ü"), "a b 2Jc d ü");
  const auto cut = said(std::string(500, 'x') + " " + std::string(500, 'y'));
  EXPECT_LE(cut.size(), 200U);
  EXPECT_TRUE(cut.ends_with("…"));
  std::string umlauts;
  for (int i = 0; i < 300; ++i) umlauts += "ü ";
  EXPECT_LE(said(umlauts).size(), 200U);
}

TEST(CrmMessage, IsFoundWhereverVendorsPutIt) {
  const auto in = [](std::string_view text) { return vendor_message(*parse_json(text), {}); };
  EXPECT_EQ(in(R"({"error":{"code":"0x80","message":"no such field"}})"), "no such field");
  EXPECT_EQ(in(R"([{"errorCode":"REQUIRED_FIELD_MISSING","message":"LastName"}])"), "LastName");
  EXPECT_EQ(in(R"({"errors":[{"message":"not unique"}]})"), "not unique");
  EXPECT_EQ(in(R"({"title":"Conflict","detail":"a word on it"})"), "a word on it");
  EXPECT_EQ(in(R"({"message":""})"), "");
  EXPECT_EQ(in(R"("text")"), "");
  EXPECT_EQ(in("null"), "");
}

}  // namespace
}  // namespace baton
