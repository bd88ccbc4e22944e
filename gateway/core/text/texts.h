#pragma once

#include <concepts>
#include <initializer_list>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "gateway/core/text/message_pattern.h"
#include "mapping/schema/finding.h"
#include "mapping/schema/yaml.h"

namespace baton {

// The key of a text ("message.new_lead"), as a hash: FNV-1a of its characters. Two keys of one
// catalogue never share a hash; a test proves it.
struct TextKey {
  std::uint64_t hash = kSeed;

  consteval TextKey(const char* name) : hash(add(kSeed, name)) {}
  // A key that the program composes: the area with its dot, and the rest.
  TextKey(std::string_view area, std::string_view name) : hash(add(add(kSeed, area), name)) {}

 private:
  static constexpr std::uint64_t kSeed = 0xcbf29ce484222325ULL;
  static constexpr std::uint64_t add(std::uint64_t hash, std::string_view text) {
    for (const char c : text) hash = (hash ^ static_cast<unsigned char>(c)) * 0x100000001b3ULL;
    return hash;
  }
};

// A placeholder's value: a text or a whole number. An empty text counts as missing. Texts are
// looked at, not kept.
struct TextArg {
  TextArg(std::string_view n, std::string_view text) : name(n), value(text) {}
  TextArg(std::string_view n, std::integral auto number)
      : name(n), value(static_cast<std::int64_t>(number)) {}
  std::string_view name;
  std::variant<std::string_view, std::int64_t> value;
};
using TextArgs = std::initializer_list<TextArg>;

// All texts of one language. Immutable; shared between threads.
class Texts {
 public:
  std::string_view tag() const { return tag_; }  // "en"

  // The text with its placeholders filled in; "" if there is no such key, which a test excludes for
  // the keys in the code.
  std::string say(TextKey key, TextArgs args = {}) const;
  // A text without placeholders; lives as long as this object.
  std::string_view text(TextKey key) const;
  // Null if there is no such key.
  const MessagePattern* find(TextKey key) const;

  // By key, sorted.
  struct Entry {
    std::string key;
    MessagePattern pattern;
  };
  const std::vector<Entry>& entries() const { return entries_; }
  const Entry* entry(std::string_view key) const;

 private:
  friend class TextReader;
  void index();

  std::string tag_;
  std::vector<Entry> entries_;
  std::vector<std::pair<std::uint64_t, std::uint32_t>>
      slots_;  // hash -> entry + 1; open addressing
};
using TextsPtr = std::shared_ptr<const Texts>;

// The texts of every language. Each folder of gateway/core/text/data is one: no code names them.
class TextCatalogue {
 public:
  // By a language tag or its first part ("de", "de-AT"); English for any other.
  const TextsPtr& of(std::string_view tag) const;
  bool has(std::string_view tag) const;
  const std::vector<TextsPtr>& all() const { return all_; }  // by tag

 private:
  friend class TextReader;
  std::vector<TextsPtr> all_;
};

// The texts of the program, in the address Sie.
const std::shared_ptr<const TextCatalogue>& built_in_texts();
// Of one language.
const TextsPtr& texts_in(std::string_view tag);
// The tags of all languages, sorted: "de", "en".
const std::vector<std::string>& text_languages();

// The texts of a deployment: those of the program, with those that texts.yaml replaces (null if
// there is no such file). Findings: texts.unknown_language, texts.unknown_key, texts.empty,
// texts.too_long, texts.control_character, texts.bad_pattern, texts.unknown_placeholder,
// texts.not_a_number; as warnings texts.missing_placeholder.
std::shared_ptr<const TextCatalogue> load_texts(const YamlDocument* replaced, Address address,
                                                Findings& findings);

}  // namespace baton
