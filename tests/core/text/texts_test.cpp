#include "gateway/core/text/texts.h"
#include "tests/support/source_dir.h"

#include <algorithm>
#include <chrono>
#include <filesystem>
#include <fstream>
#include <functional>
#include <map>
#include <set>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "mapping/json/json.h"
#include "mapping/schema/embedded.h"
#include "mapping/schema/schema.h"

namespace baton {
namespace {

namespace fs = std::filesystem;
using ::testing::HasSubstr;

// Areas whose keys the program composes from codes, so that no literal holds the whole key.
const std::set<std::string, std::less<>> kComposed = {"sentence", "word", "excuse"};

std::string area_of(std::string_view key) { return std::string(key.substr(0, key.find('.'))); }

// All sources of the gateway, as one text.
std::string sources() {
  std::string out;
  for (const auto& entry : fs::recursive_directory_iterator(fs::path(source_dir()) / "gateway")) {
    const auto ending = entry.path().extension();
    if (ending != ".cpp" && ending != ".h") continue;
    std::ifstream file(entry.path());
    out.append(std::istreambuf_iterator<char>(file), {});
  }
  return out;
}

// The string literals of a source. Written by hand: std::regex recurses once for each character.
std::set<std::string> literals(const std::string& text) {
  std::set<std::string> out;
  std::size_t begin = std::string::npos;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '\\') {
      ++i;
    } else if (text[i] == '\n') {
      begin = std::string::npos;
    } else if (text[i] == '"' && begin == std::string::npos) {
      begin = i + 1;
    } else if (text[i] == '"') {
      out.insert(text.substr(begin, i - begin));
      begin = std::string::npos;
    }
  }
  return out;
}

// "message.new_lead"; no prefix that the program completes, no code with more parts.
bool is_key(std::string_view literal) {
  if (literal.empty() || literal.back() == '.' || literal.back() == '_') return false;
  return std::count(literal.begin(), literal.end(), '.') == 1 &&
         literal.find_first_not_of("abcdefghijklmnopqrstuvwxyz_.") == std::string_view::npos;
}

std::vector<std::string> keys(const Texts& texts) {
  std::vector<std::string> out;
  for (const auto& entry : texts.entries()) out.push_back(entry.key);
  return out;
}

TEST(Texts, EveryFileIsReadAndEveryTextIsAPattern) {
  for (const auto& file : embedded_core()) {
    if (!file.path.starts_with("gateway/core/text/data/")) continue;
    Findings findings;
    parse_yaml(file.content, std::string(file.path), findings);
    for (const auto& finding : findings) ADD_FAILURE() << to_string(finding);
  }
  // Replacing each text with itself reports what is wrong with it.
  for (const auto address : {Address::kSie, Address::kDu}) {
    Findings findings;
    const auto read = load_texts(nullptr, address, findings);
    for (const auto& texts : read->all())
      EXPECT_EQ(texts->entries().size(), texts_in("en")->entries().size()) << texts->tag();
  }
}

TEST(Texts, EveryLanguageHasTheKeysOfEnglish) {
  for (const auto& texts : built_in_texts()->all())
    EXPECT_EQ(keys(*texts), keys(*texts_in("en"))) << texts->tag();
}

TEST(Texts, EveryLanguageHasThePlaceholdersOfEnglish) {
  for (const auto& texts : built_in_texts()->all()) {
    for (const auto& entry : texts->entries()) {
      // A date is made of other parts in each language.
      if (entry.key == "time.short_date") continue;
      const auto* english = texts_in("en")->entry(entry.key);
      ASSERT_NE(english, nullptr) << entry.key;
      EXPECT_EQ(entry.pattern.names(), english->pattern.names())
          << texts->tag() << ' ' << entry.key;
    }
  }
}

TEST(Texts, NoTwoKeysShareAHash) {
  std::set<std::uint64_t> hashes;
  for (const auto& key : keys(*texts_in("en")))
    EXPECT_TRUE(hashes.insert(TextKey({}, key).hash).second) << key;
}

TEST(Texts, EveryKeyInTheCodeExists) {
  std::set<std::string> areas;
  for (const auto& key : keys(*texts_in("en"))) areas.insert(area_of(key));
  for (const auto& composed : kComposed) areas.erase(composed);
  std::size_t found = 0;
  for (const auto& literal : literals(sources())) {
    if (!areas.contains(area_of(literal)) || !is_key(literal)) continue;
    ++found;
    EXPECT_NE(texts_in("en")->entry(literal), nullptr) << literal;
  }
  EXPECT_GT(found, 250U);
}

// A literal holds the key, or two literals hold its parts: "page.outcome_" and "busy",
// "clock.stopped" and "late". Codes also come from types of touches, from the template of a policy
// and from the names of adapters.
TEST(Texts, NoKeyIsUnused) {
  auto found = literals(sources());
  for (const auto* file : {"mapping/map/touch.cpp", "mapping/map/map_labels.cpp"}) {
    std::ifstream in(fs::path(source_dir()) / file);
    found.merge(literals(std::string(std::istreambuf_iterator<char>(in), {})));
  }
  const auto is_used = [&](const std::string& key) {
    if (found.contains(key)) return true;
    for (auto at = key.find_first_of("._:"); at != std::string::npos;
         at = key.find_first_of("._:", at + 1)) {
      if (!found.contains(key.substr(at + 1))) continue;
      if (found.contains(key.substr(0, at + 1)) || found.contains(key.substr(0, at))) return true;
    }
    return false;
  };
  const std::set<std::string> elsewhere = {"word.assign",        "word.connect_attempts",
                                           "word.freshness",     "word.crm:hubspot",
                                           "word.crm:pipedrive", "word.crm:salesforce"};
  for (const auto& key : keys(*texts_in("en"))) {
    if (elsewhere.contains(key)) continue;
    const bool composed = kComposed.contains(area_of(key));
    EXPECT_TRUE(is_used(composed ? key.substr(key.find('.') + 1) : key)) << key;
  }
}

// Calls `found` for each place of a schema that lists languages: an enum that has English, or the
// members of an object with the member `en`.
void find_languages(const json::value& at,
                    const std::function<void(std::set<std::string>)>& found) {
  if (const auto* list = at.if_array()) {
    for (const auto& item : *list) find_languages(item, found);
  }
  if (!at.is_object()) return;
  for (const auto& [key, value] : at.get_object()) {
    std::set<std::string> tags;
    if (const auto* choices = value.if_array(); key == "enum" && choices != nullptr) {
      for (const auto& choice : *choices)
        if (choice.is_string()) tags.emplace(std::string_view(choice.get_string()));
    } else if (key == "properties") {
      for (const auto& [name, property] : value.get_object()) tags.emplace(name);
    }
    if (tags.contains("en")) found(tags);
    find_languages(value, found);
  }
}

TEST(Texts, SchemasListTheLanguagesThereAre) {
  const std::set<std::string> languages(text_languages().begin(), text_languages().end());
  const std::map<std::string, int> places = {
      {"baton", 1}, {"routing", 1}, {"alerts", 1}, {"sla", 2}, {"lifecycle", 1}};
  for (const auto& place : places) {
    int count = 0;
    find_languages(json::parse(schema_text(place.first)), [&](const std::set<std::string>& tags) {
      EXPECT_EQ(tags, languages) << place.first;
      ++count;
    });
    EXPECT_EQ(count, place.second) << place.first;
  }
}

TEST(Texts, ALanguageIsFoundByItsTag) {
  EXPECT_EQ(texts_in("de-AT")->tag(), "de");
  EXPECT_EQ(texts_in("xx")->tag(), "en");
  EXPECT_EQ(texts_in("")->tag(), "en");
  EXPECT_TRUE(built_in_texts()->has("de"));
  EXPECT_FALSE(built_in_texts()->has("de-AT"));
  EXPECT_THAT(text_languages(), ::testing::ElementsAre("de", "en"));
}

TEST(Texts, AnEmptyValueIsAMissingOne) {
  const auto& texts = *texts_in("en");
  EXPECT_EQ(texts.say("task_in_crm.subject", {{"task", "Call"}, {"who", "Erika"}}), "Call: Erika");
  EXPECT_EQ(texts.say("report.forecast_due", {{"time", "10:00"}, {"clock", ""}}), "due 10:00");
  EXPECT_EQ(texts.say("message.and_more", {{"count", 1}}), " · and 1 more message");
  EXPECT_EQ(texts.text("no.such_key"), "");
}

// Texts of a deployment.
std::string faults(std::string_view yaml, std::shared_ptr<const TextCatalogue>* out = nullptr,
                   Address address = Address::kSie) {
  Findings findings;
  const auto document = parse_yaml(yaml, "texts.yaml", findings);
  append(findings, check_schema(document, "texts"));
  auto texts = load_texts(&document, address, findings);
  if (out != nullptr) *out = std::move(texts);
  std::string all;
  for (const auto& finding : findings) all += to_string(finding) + '\n';
  return all;
}

TEST(TextsOfADeployment, ReplaceSingleTexts) {
  std::shared_ptr<const TextCatalogue> texts;
  EXPECT_EQ(faults("schema: 1\ntexts:\n  de:\n    message.new_lead: 'ein Lead für "
                   "{address, select, du {dich} other {Sie}}!'\n",
                   &texts, Address::kDu),
            "");
  EXPECT_EQ(texts->of("de")->say("message.new_lead"), "ein Lead für dich!");
  EXPECT_EQ(texts->of("en")->say("message.new_lead"), "new lead for you");
  EXPECT_EQ(texts_in("de")->say("message.new_lead"), "neuer Lead für Sie");
}

TEST(TextsOfADeployment, AllFaultsAreReportedAtTheirPlace) {
  const auto all = faults(
      "schema: 1\ntexts:\n  fr:\n    message.new_lead: x\n  en:\n    message.new_laed: x\n"
      "    message.waiting: 'waits {tme}'\n    message.expires_in: 'due {time'\n"
      "    message.escalated: overdue\n");
  EXPECT_THAT(all, HasSubstr("texts.yaml:3:3: there are no texts in \"fr\""));
  EXPECT_THAT(all, HasSubstr("[texts.unknown_language]"));
  EXPECT_THAT(all, HasSubstr("texts.yaml:6:5: there is no text \"message.new_laed\"; did you mean "
                             "\"message.new_lead\"? [texts.unknown_key]"));
  EXPECT_THAT(all,
              HasSubstr("texts.yaml:7:22: this text has no value {tme}; did you mean \"time\"? "
                        "[texts.unknown_placeholder]"));
  EXPECT_THAT(all, HasSubstr("texts.yaml:8:25: a brace is not closed"));
  EXPECT_THAT(all, HasSubstr("[texts.bad_pattern]"));
  EXPECT_THAT(all, HasSubstr("texts.yaml:9:24: "));
  EXPECT_THAT(all, HasSubstr("[texts.missing_placeholder]"));
}

// The findings if `text` replaces an English text; `text` is in double quotes of YAML.
std::string faults_of(std::string_view key, std::string_view text) {
  return faults("schema: 1\ntexts:\n  en:\n    " + std::string(key) + ": \"" + std::string(text) +
                "\"\n");
}

TEST(TextsOfADeployment, APluralNeedsANumber) {
  EXPECT_EQ(faults_of("message.waiting", "due {time, plural, =0 {none} one {a} other {# b}}"),
            "texts.yaml:4:22: {time} is text, and plural needs a number; write {time} "
            "[texts.not_a_number]\n");
  EXPECT_EQ(faults_of("message.and_more", "{count, plural, =0 {none} one {a} other {# b}}"), "");
  EXPECT_EQ(faults_of("digest.accepted", "{count, plural, one {one} other {#}}"), "")
      << "a count is a number even if the built-in text has no plural";
  EXPECT_EQ(
      faults_of("digest.likely", "{likely, plural, one {a} other {#}} {open} {until} {first}"), "")
      << "the German text has this plural";
}

TEST(TextsOfADeployment, NeedACharacter) {
  for (const auto* text :
       {"", "   ", "\\u00a0\\u200b", "[ ]", "{address, select, du {x} other { }}"})
    EXPECT_THAT(faults_of("message.new_lead", text), HasSubstr("[texts.empty]")) << text;
}

TEST(TextsOfADeployment, HaveAtMostThousandCharacters) {
  std::string text;
  for (int i = 0; i < 1000; ++i) text += "ä";
  EXPECT_EQ(faults_of("message.new_lead", text), "");
  EXPECT_EQ(faults_of("message.new_lead", text + "x"),
            "texts.yaml:4:23: the text has 1001 characters; at most 1000 are allowed "
            "[texts.too_long]\n");
}

TEST(TextsOfADeployment, HaveNoControlCharacters) {
  for (const auto* point :
       {"0000", "0007", "000A", "001B", "007F", "0085", "202A", "202E", "2066", "2069", "FEFF"}) {
    const auto all = faults_of("message.new_lead", std::string("ä\\u") + point + "b");
    EXPECT_THAT(all,
                HasSubstr(std::string("the control character U+") + point + " (at character 2); "));
    EXPECT_THAT(all, HasSubstr("[texts.control_character]"));
  }
}

TEST(TextsOfADeployment, BuiltInTextsPassTheirOwnCheck) {
  for (const EmbeddedFile& file : embedded_core()) {
    const std::string path(file.path);
    if (!path.starts_with("gateway/core/text/data/") || path.ends_with("/demo.yaml")) continue;
    Findings findings;
    const auto built_in = parse_yaml(file.content, path, findings);
    json::object texts;
    for (const auto& [area, members] : built_in.value.get_object()) {
      std::function<void(const std::string&, const json::value&)> add = [&](const auto& key,
                                                                            const auto& value) {
        if (value.is_string()) {
          texts.emplace(key, value);
          EXPECT_LE(value.get_string().size(), 500U) << "the limit is at least twice as large";
          return;
        }
        for (const auto& m : value.get_object()) add(key + '.' + std::string(m.key()), m.value());
      };
      add(std::string(area), members);
    }
    YamlDocument document;
    document.file = path;
    document.value =
        json::object{{"schema", 1}, {"texts", json::object{{path.substr(23, 2), texts}}}};
    load_texts(&document, Address::kDu, findings);
    for (const auto& finding : findings) ADD_FAILURE() << to_string(finding);
  }
}

TEST(TextsOfADeployment, ThousandsOfUnknownKeysAreReportedBriefly) {
  std::string yaml = "schema: 1\ntexts:\n  en:\n";
  for (int i = 0; i < 20'000; ++i) yaml += "    message.k" + std::to_string(i) + ": x\n";
  const auto begin = std::chrono::steady_clock::now();
  const auto all = faults(yaml);
  EXPECT_EQ(std::count(all.begin(), all.end(), '\n'), 21);
  EXPECT_THAT(all, HasSubstr("texts.yaml:24:5: and 19980 more unknown keys [texts.unknown_key]\n"));
  EXPECT_LT(std::chrono::steady_clock::now() - begin, std::chrono::seconds(20));
}

TEST(TextsOfADeployment, MessagesNameTheFix) {
  EXPECT_THAT(faults("schema: 1\ntexts:\n  fr: {}\n  EN: {}\n"),
              AllOf(HasSubstr("there are no texts in \"fr\"; known here: de, en ["),
                    HasSubstr("\"EN\"; did you mean \"en\"?; known here: de, en [")));
  EXPECT_THAT(faults("schema: 1\ntexts: {en: {message: {new_lead: x}}}\n"),
              HasSubstr("keys are not nested here; write message.new_lead [texts.unknown_key]"));
  for (const auto* key : {"demo.x", "demo.intro", "demo"})
    EXPECT_THAT(faults_of(key, "x"), HasSubstr("texts.yaml cannot replace demo texts"));
  EXPECT_THAT(faults("schema: \"1\"\n"),
              HasSubstr("\"schema\" must be 1, not \"1\"; write it without quotes"));
  EXPECT_THAT(faults(""), HasSubstr("the file is empty; begin it with \"schema: 1\""));
  EXPECT_THAT(faults_of("message.waiting", "waiting {time"),
              HasSubstr("a brace is not closed (at character 9)"));
  EXPECT_THAT(faults_of("message.and_more", "{count, plural, one {x}}"),
              HasSubstr("needs a branch \"other\" (at character 1)"));
}

}  // namespace
}  // namespace baton
