#include "gateway/core/text/message_pattern.h"

#include <map>

#include <gtest/gtest.h>

namespace baton {
namespace {

class Values final : public TextValues {
 public:
  Values(std::map<std::string, std::string, std::less<>> texts,
         std::map<std::string, std::int64_t, std::less<>> numbers = {})
      : texts_(std::move(texts)), numbers_(std::move(numbers)) {}
  bool append(std::string_view name, std::string& out) const override {
    if (const auto number = numbers_.find(name); number != numbers_.end()) {
      out += std::to_string(number->second);
      return true;
    }
    const auto text = texts_.find(name);
    if (text != texts_.end()) out += text->second;
    return text != texts_.end();
  }
  std::optional<std::int64_t> number(std::string_view name) const override {
    const auto found = numbers_.find(name);
    return found == numbers_.end() ? std::nullopt : std::optional(found->second);
  }

 private:
  std::map<std::string, std::string, std::less<>> texts_;
  std::map<std::string, std::int64_t, std::less<>> numbers_;
};

Values of(std::map<std::string, std::string, std::less<>> texts) { return {std::move(texts), {}}; }

std::string rendered(std::string_view text, const Values& values,
                     const std::string& language = "en", Address address = Address::kSie) {
  PatternFault fault;
  const auto pattern = MessagePattern::parse(text, language, address, fault);
  if (!pattern) return "fault: " + fault.message;
  std::string out;
  pattern->append(values, out);
  return out;
}

Values count(std::int64_t n) { return {{}, {{"n", n}}}; }

TEST(MessagePattern, FillsInValues) {
  EXPECT_EQ(rendered("no values", of({})), "no values");
  EXPECT_EQ(rendered("for {rep}, now", of({{"rep", "Anna"}})), "for Anna, now");
  EXPECT_EQ(rendered("for {rep}", of({})), "for -") << "a missing value is visible";
  EXPECT_EQ(rendered("Grüße an {rep} – „{rep}“", of({{"rep", "Jörg"}})), "Grüße an Jörg – „Jörg“");
}

TEST(MessagePattern, LeavesOutABracketWithAMissingValue) {
  EXPECT_EQ(rendered("due[ {at}][ ({why})].", of({{"why", "x"}})), "due (x).");
  EXPECT_EQ(rendered("[[a]] {n}", count(1)), "[a] 1");
}

TEST(MessagePattern, PluralsFollowTheLanguage) {
  const std::string leads = "{n, plural, =0 {no leads} one {# lead} other {# leads}}";
  EXPECT_EQ(rendered(leads, count(0)), "no leads");
  EXPECT_EQ(rendered(leads, count(1)), "1 lead");
  EXPECT_EQ(rendered(leads, count(1'234'567)), "1234567 leads");
  const std::string polish =
      "{n, plural, one {# lead} few {# leady} many {# leadów} other {# leada}}";
  EXPECT_EQ(rendered(polish, count(3), "pl"), "3 leady");
  EXPECT_EQ(rendered(polish, count(13), "pl"), "13 leadów");
  EXPECT_EQ(rendered(polish, count(1'000'003), "pl"), "1000003 leady");
  EXPECT_EQ(rendered("{n, selectordinal, one {#st} two {#nd} few {#rd} other {#th}}", count(22)),
            "22nd");
  EXPECT_EQ(rendered("{n, plural, one {{n} point} other {{n} points}}", of({{"n", "2.5"}})),
            "2.5 points")
      << "a value that is no whole number";
}

TEST(MessagePattern, SelectsAndAddresses) {
  const std::string select = "{k, select, a {A {rep}} other {?}}";
  EXPECT_EQ(rendered(select, of({{"k", "a"}, {"rep", "Anna"}})), "A Anna");
  EXPECT_EQ(rendered(select, of({{"k", "b"}})), "?");
  const std::string you = "für {address, select, du {dich} other {Sie}}";
  EXPECT_EQ(rendered(you, of({}), "de"), "für Sie");
  EXPECT_EQ(rendered(you, of({}), "de", Address::kDu), "für dich");
  PatternFault fault;
  const auto pattern = MessagePattern::parse(you, "de", Address::kDu, fault);
  ASSERT_TRUE(pattern);
  EXPECT_EQ(pattern->plain(), "für dich") << "resolved once, when the text is read";
  EXPECT_TRUE(pattern->names().empty());
}

TEST(MessagePattern, AnApostropheQuotesABrace) {
  EXPECT_EQ(rendered("it's '{'{rep}'}'", of({{"rep", "x"}})), "it's {x}");
}

TEST(MessagePattern, SaysWhatIsWrongAndWhere) {
  for (const auto* text : {"{rep", "{n, plural, one {x}}", "{n, number}", "a [b", "a] b", "[a [b]]",
                           "{n, plural, offset:1 other {#}}", "{a b}"}) {
    PatternFault fault;
    EXPECT_FALSE(MessagePattern::parse(text, "en", Address::kSie, fault)) << text;
    EXPECT_FALSE(fault.message.empty()) << text;
  }
  PatternFault fault;
  EXPECT_FALSE(MessagePattern::parse("due {at, number} x", "en", Address::kSie, fault));
  EXPECT_EQ(fault.at, 5U);
}

// The message and the character, from 1.
std::string fault_of(std::string_view text, const std::string& language = "en") {
  PatternFault fault;
  if (MessagePattern::parse(text, language, Address::kSie, fault)) return "";
  return fault.message + " @" + std::to_string(fault.at + 1);
}

TEST(MessagePattern, NamesThePlaceOfAFault) {
  EXPECT_EQ(fault_of("für {rep"), "a brace is not closed @5") << "characters, not bytes";
  EXPECT_EQ(fault_of("'{' {n, plural, other {x {m}}"), "a brace is not closed @5");
  EXPECT_EQ(fault_of("{a} it''s {n, plural, one {x}}"),
            "a plural or select needs a branch \"other\" @11");
  EXPECT_EQ(fault_of("{n, plural, one {'#' {m, select, a {b}}} other {x}}"),
            "a plural or select needs a branch \"other\" @22");
  EXPECT_EQ(fault_of("ä😀[x [y]]"), "a square bracket within another @6");
}

TEST(MessagePattern, RefusesABranchThatIsNeverChosen) {
  EXPECT_EQ(fault_of("{n, plural, foo {x} other {y}}"),
            "\"en\" has no plural form \"foo\"; it has one, other @13");
  EXPECT_EQ(fault_of("{n, plural, few {x} other {y}}"),
            "\"en\" has no plural form \"few\"; it has one, other @13");
  EXPECT_EQ(fault_of("{n, plural, few {x} other {y}}", "pl"), "");
  EXPECT_EQ(fault_of("{n, selectordinal, few {#rd} other {#th}}"), "");
  EXPECT_EQ(fault_of("{n, plural, one {a} one {b} other {c}}"),
            "the branch \"one\" appears twice @21");
  EXPECT_EQ(fault_of("{n, plural, =0 {a} =0 {b} other {c}}"),
            "the branch \"=0\" appears twice @20");
  EXPECT_EQ(fault_of("{n, plural, =01 {a} other {c}}"),
            "write the number of \"=01\" with plain digits @13");
  EXPECT_EQ(fault_of("{k, select, a {a} a {b} other {c}}"), "the branch \"a\" appears twice @19");
  EXPECT_EQ(fault_of("{address, select, tu {a} other {b}}"),
            "address has no form \"tu\"; it has du, sie, other @19");
}

TEST(MessagePattern, LimitsTheNesting) {
  const auto nested = [](int levels) {
    std::string text = "x";
    for (int i = 0; i < levels; ++i) text = "{k, select, other {" + text + "}}";
    return fault_of(text);
  };
  EXPECT_EQ(nested(8), "");
  EXPECT_EQ(nested(9), "placeholders are nested more than 8 deep @153");
  EXPECT_EQ(nested(5000), "placeholders are nested more than 8 deep @153");
}

}  // namespace
}  // namespace baton
