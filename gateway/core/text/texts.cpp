#include "gateway/core/text/texts.h"

#include <algorithm>
#include <map>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "gateway/core/text/text_check.h"
#include "mapping/json/json.h"
#include "mapping/schema/embedded.h"
#include "mapping/schema/schema.h"

namespace baton {
namespace {

constexpr std::string_view kFolder = "gateway/core/text/data/";
constexpr std::string_view kBase = "en";
constexpr std::string_view kDemo = "demo";
// Findings of one kind. A file of another format has thousands.
constexpr std::size_t kMostAlike = 20;
// A value that is a whole number in every text.
constexpr std::string_view kCount = "count";

class GivenValues final : public TextValues {
 public:
  explicit GivenValues(TextArgs args) : args_(args) {}

  bool append(std::string_view name, std::string& out) const override {
    const auto* arg = find(name);
    if (arg == nullptr) return false;
    if (const auto* text = std::get_if<std::string_view>(&arg->value)) {
      out += *text;
      return !text->empty();
    }
    fmt::format_to(std::back_inserter(out), "{}", std::get<std::int64_t>(arg->value));
    return true;
  }
  std::optional<std::int64_t> number(std::string_view name) const override {
    const auto* arg = find(name);
    const auto* number = arg == nullptr ? nullptr : std::get_if<std::int64_t>(&arg->value);
    return number == nullptr ? std::nullopt : std::optional(*number);
  }

 private:
  const TextArg* find(std::string_view name) const {
    const auto* found =
        std::find_if(args_.begin(), args_.end(), [&](const auto& a) { return a.name == name; });
    return found == args_.end() ? nullptr : found;
  }
  TextArgs args_;
};

// Texts as the files hold them: language -> key -> text.
using Source = std::map<std::string, std::map<std::string, std::string, std::less<>>, std::less<>>;

void flatten(const json::object& o, const std::string& area,
             std::map<std::string, std::string, std::less<>>& out) {
  for (const auto& m : o) {
    const auto key =
        area.empty() ? std::string(m.key()) : fmt::format("{}.{}", area, std::string_view(m.key()));
    if (const auto* inner = m.value().if_object())
      flatten(*inner, key, out);
    else if (const auto* text = m.value().if_string())
      out.emplace(key, *text);
  }
}

const Source& source() {
  static const Source all = [] {
    Source read;
    Findings ignored;  // a test reads each file and proves that there are none
    for (const EmbeddedFile& file : embedded_core()) {
      if (!file.path.starts_with(kFolder)) continue;
      const auto rest = file.path.substr(kFolder.size());
      const auto document = parse_yaml(file.content, std::string(file.path), ignored);
      if (const auto* root = document.value.if_object())
        flatten(*root, {}, read[std::string(rest.substr(0, rest.find('/')))]);
    }
    return read;
  }();
  return all;
}

std::string near(std::string_view word, const std::vector<std::string>& known) {
  const auto meant = did_you_mean(word, known);
  return meant.empty() ? std::string() : fmt::format("; did you mean \"{}\"?", meant);
}

}  // namespace

std::string Texts::say(TextKey key, TextArgs args) const {
  std::string out;
  const auto* pattern = find(key);
  if (pattern == nullptr) return out;
  if (const auto plain = pattern->plain(); !plain.empty())
    out = plain;
  else
    pattern->append(GivenValues(args), out);
  return out;
}

std::string_view Texts::text(TextKey key) const {
  const auto* pattern = find(key);
  return pattern == nullptr ? std::string_view() : pattern->plain();
}

void Texts::index() {
  std::size_t size = 16;
  while (size < entries_.size() * 2) size *= 2;
  slots_.assign(size, {0, 0});
  for (std::uint32_t i = 0; i < entries_.size(); ++i) {
    const auto hash = TextKey({}, entries_[i].key).hash;
    auto slot = hash & (size - 1);
    while (slots_[slot].second != 0) slot = (slot + 1) & (size - 1);
    slots_[slot] = {hash, i + 1};
  }
}

const MessagePattern* Texts::find(TextKey key) const {
  const auto mask = slots_.size() - 1;
  for (auto slot = key.hash & mask; slots_[slot].second != 0; slot = (slot + 1) & mask) {
    if (slots_[slot].first == key.hash) return &entries_[slots_[slot].second - 1].pattern;
  }
  return nullptr;
}

const Texts::Entry* Texts::entry(std::string_view key) const {
  const auto found = std::lower_bound(entries_.begin(), entries_.end(), key,
                                      [](const Entry& e, std::string_view k) { return e.key < k; });
  return found == entries_.end() || found->key != key ? nullptr : &*found;
}

// Compiles the texts of all languages, with those that a deployment replaces.
class TextReader {
 public:
  explicit TextReader(Address address) : address_(address) {}

  std::shared_ptr<const TextCatalogue> built_in() const {
    auto catalogue = std::make_shared<TextCatalogue>();
    for (const auto& [tag, texts] : source()) {
      auto language = std::make_shared<Texts>();
      language->tag_ = tag;
      for (const auto& [key, text] : texts) {
        PatternFault fault;
        auto pattern = MessagePattern::parse(text, tag, address_, fault);
        if (pattern) language->entries_.push_back({key, std::move(*pattern)});
      }
      language->index();
      catalogue->all_.push_back(std::move(language));
    }
    return catalogue;
  }

  std::shared_ptr<const TextCatalogue> with(const YamlDocument& yaml, Findings& findings) const {
    auto catalogue = std::make_shared<TextCatalogue>(*built_in());
    const auto* root = yaml.value.if_object();
    const auto* languages = root == nullptr ? nullptr : object(*root, "texts");
    if (languages == nullptr) return catalogue;
    Alike unknown(yaml, "languages", "texts.unknown_language", findings);
    for (const auto& [tag, texts] : *languages) {
      const auto at = fmt::format("/texts/{}", pointer_segment(tag));
      auto found =
          std::find_if(catalogue->all_.begin(), catalogue->all_.end(),
                       [&name = tag](const auto& t) { return t->tag() == std::string_view(name); });
      if (found == catalogue->all_.end()) {
        unknown.add(at + "#key", [&name = tag] { return unknown_language(name); });
      } else if (const auto* given = texts.if_object()) {
        auto language = std::make_shared<Texts>(**found);
        replace(*given, at, yaml, *language, findings);
        *found = std::move(language);
      }
    }
    return catalogue;
  }

 private:
  struct UnknownWord {
    std::string message, suggestion;
  };

  // Reports the first findings of one kind, and at its end the number of the others.
  class Alike {
   public:
    Alike(const YamlDocument& yaml, std::string_view what, std::string_view code,
          Findings& findings)
        : yaml_(yaml), what_(what), code_(code), findings_(findings) {}
    ~Alike() {
      if (count_ <= kMostAlike) return;
      findings_.push_back(yaml_.finding(
          rest_, fmt::format("and {} more unknown {}", count_ - kMostAlike, what_), code_));
    }
    Alike(const Alike&) = delete;
    Alike& operator=(const Alike&) = delete;

    // Calls `fault` for the first ones only.
    template <class MakeFault>
    void add(const std::string& pointer, MakeFault fault) {
      if (++count_ == kMostAlike + 1) rest_ = pointer;
      if (count_ > kMostAlike) return;
      UnknownWord word = fault();
      findings_.push_back(yaml_.finding(pointer, std::move(word.message), code_));
      findings_.back().suggestion = std::move(word.suggestion);
    }

   private:
    const YamlDocument& yaml_;
    const std::string what_, code_;
    Findings& findings_;
    std::size_t count_ = 0;
    std::string rest_;
  };

  void replace(const json::object& given, const std::string& at, const YamlDocument& yaml,
               Texts& language, Findings& findings) const {
    Alike unknown(yaml, "keys", "texts.unknown_key", findings);
    for (const auto& [key, value] : given) {
      const auto pointer = fmt::format("{}/{}", at, pointer_segment(key));
      const auto* entry = is_demo(key) ? nullptr : language.entry(key);
      if (entry == nullptr)
        unknown.add(pointer + "#key", [&, &name = key, &inner = value] {
          return unknown_key(name, inner, language);
        });
      else if (value.is_string())  // otherwise the schema has reported it
        replace(*entry, value.get_string(), pointer, yaml, language, findings);
    }
  }

  void replace(const Texts::Entry& entry, std::string_view text, const std::string& pointer,
               const YamlDocument& yaml, Texts& language, Findings& findings) const {
    if (auto fault = text_fault(text)) {
      findings.push_back(yaml.finding(pointer, std::move(fault->message), std::move(fault->code)));
      return;
    }
    PatternFault fault;
    auto pattern = MessagePattern::parse(text, language.tag_, address_, fault);
    if (!pattern) {
      findings.push_back(
          yaml.finding(pointer, fmt::format("{} (at character {})", fault.message, fault.at + 1),
                       "texts.bad_pattern"));
      return;
    }
    check_shown(*pattern, pointer, yaml, findings);
    check_names(*pattern, entry, pointer, yaml, findings);
    check_plurals(*pattern, entry, pointer, yaml, findings);
    language.entries_[static_cast<std::size_t>(&entry - language.entries_.data())].pattern =
        std::move(*pattern);
  }

  static UnknownWord unknown_language(std::string_view tag) {
    return {fmt::format("there are no texts in \"{}\"{}; known here: {}", tag,
                        near(tag, text_languages()), fmt::join(text_languages(), ", ")),
            {}};
  }

  static bool is_demo(std::string_view key) {
    return key.starts_with(kDemo) && (key.size() == kDemo.size() || key[kDemo.size()] == '.');
  }

  static UnknownWord unknown_key(std::string_view key, const json::value& value,
                                 const Texts& language) {
    if (is_demo(key)) return {"texts.yaml cannot replace demo texts", {}};
    const auto* nested = value.if_object();
    if (nested != nullptr && !nested->empty())
      return {fmt::format("keys are not nested here; write {}.{}", key,
                          std::string_view(nested->begin()->key())),
              {}};
    std::vector<std::string> keys;
    for (const auto& e : language.entries()) {
      if (!is_demo(e.key)) keys.push_back(e.key);
    }
    return {fmt::format("there is no text \"{}\"{}", key, near(key, keys)),
            did_you_mean(key, keys)};
  }

  // A text such as "{address, select, du {} other {x}}" has no characters for one address.
  static void check_shown(const MessagePattern& given, const std::string& pointer,
                          const YamlDocument& yaml, Findings& findings) {
    std::string shown;
    given.append(GivenValues({}), shown);
    if (given.names().empty() && is_blank_text(shown))
      findings.push_back(yaml.finding(pointer, "the text shows nothing; write one for each branch",
                                      "texts.empty"));
  }

  // A plural needs a number. One of the built-in texts shows that the value is one.
  static void check_plurals(const MessagePattern& given, const Texts::Entry& replaced,
                            const std::string& pointer, const YamlDocument& yaml,
                            Findings& findings) {
    const auto& languages = built_in_texts()->all();
    const auto& english = texts_in(kBase)->entry(replaced.key)->pattern.names();
    for (const auto& name : given.counted()) {
      const bool known = std::any_of(languages.begin(), languages.end(), [&](const auto& texts) {
        return texts->entry(replaced.key)->pattern.counted().contains(name);
      });
      const bool passed = english.contains(name) || replaced.pattern.names().contains(name);
      // check_names has reported an unknown name.
      if (known || name == kCount || !passed) continue;
      findings.push_back(yaml.finding(
          pointer,
          fmt::format("{{{}}} is text, and plural needs a number; write {{{}}}", name, name),
          "texts.not_a_number"));
    }
  }

  // A text may use the values of the English text and of the one it replaces.
  static void check_names(const MessagePattern& given, const Texts::Entry& replaced,
                          const std::string& pointer, const YamlDocument& yaml,
                          Findings& findings) {
    auto known = texts_in(kBase)->entry(replaced.key)->pattern.names();
    known.insert(replaced.pattern.names().begin(), replaced.pattern.names().end());
    for (const auto& name : given.names()) {
      if (known.contains(name)) continue;
      findings.push_back(yaml.finding(pointer,
                                      fmt::format("this text has no value {{{}}}{}", name,
                                                  near(name, {known.begin(), known.end()})),
                                      "texts.unknown_placeholder"));
    }
    for (const auto& name : replaced.pattern.names()) {
      if (given.names().contains(name)) continue;
      findings.push_back(yaml.finding(
          pointer, fmt::format("the text leaves out {{{}}}, which the built-in one shows", name),
          "texts.missing_placeholder"));
      findings.back().warning = true;
    }
  }

  const Address address_;
};

const TextsPtr& TextCatalogue::of(std::string_view tag) const {
  const auto first = tag.substr(0, tag.find_first_of("-_"));
  const TextsPtr* base = &all_.front();
  for (const auto& texts : all_) {
    if (texts->tag() == first) return texts;
    if (texts->tag() == kBase) base = &texts;
  }
  return *base;
}

bool TextCatalogue::has(std::string_view tag) const { return of(tag)->tag() == tag; }

const std::shared_ptr<const TextCatalogue>& built_in_texts() {
  static const auto texts = TextReader(Address::kSie).built_in();
  return texts;
}

const TextsPtr& texts_in(std::string_view tag) { return built_in_texts()->of(tag); }

const std::vector<std::string>& text_languages() {
  static const std::vector<std::string> tags = [] {
    std::vector<std::string> out;
    for (const auto& [tag, texts] : source()) out.push_back(tag);
    return out;
  }();
  return tags;
}

std::shared_ptr<const TextCatalogue> load_texts(const YamlDocument* replaced, Address address,
                                                Findings& findings) {
  if (replaced != nullptr) return TextReader(address).with(*replaced, findings);
  return address == Address::kSie ? built_in_texts() : TextReader(address).built_in();
}

}  // namespace baton
