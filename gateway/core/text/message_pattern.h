#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace baton {

class PluralRule;  // which form of a word a language uses for a number

// How German texts address their reader (baton.yaml, `address`).
enum class Address { kSie, kDu };

// The values of a text's placeholders.
class TextValues {
 public:
  virtual ~TextValues() = default;
  // Appends the value of `name`; false if there is none.
  virtual bool append(std::string_view name, std::string& out) const = 0;
  // The value as a whole number, for plurals; nothing if it is none.
  virtual std::optional<std::int64_t> number(std::string_view name) const = 0;
};

// Why a text is not a pattern.
struct PatternFault {
  std::string message;
  std::size_t at = 0;  // character of the text, from 0
};

// One text in ICU MessageFormat syntax: {name}, {count, plural, one {# lead} other {# leads}},
// {kind, select, a {...} other {...}}, {n, selectordinal, ...}; an apostrophe quotes a brace.
// One extension: a part in [square brackets] is left out if one of its values is missing; a literal
// bracket is written twice. Outside of brackets a missing value shows as "-".
//
// ICU parses the text once. Rendering walks the parsed parts and calls ICU for the form of a plural
// only. Numbers are written with plain digits, so a text does not depend on ICU's locale data.
class MessagePattern {
 public:
  // `{address, select, du {...} other {...}}` is resolved here, once for all renderings.
  static std::optional<MessagePattern> parse(std::string_view text, const std::string& language,
                                             Address address, PatternFault& fault);

  void append(const TextValues& values, std::string& out) const;
  // The text itself if it has no placeholders; else "".
  std::string_view plain() const;
  // The names of its placeholders, without `address`.
  const std::set<std::string, std::less<>>& names() const { return names_; }
  // Those of its plurals.
  const std::set<std::string, std::less<>>& counted() const { return counted_; }

  struct Node;
  using Nodes = std::vector<Node>;

 private:
  friend class PatternReader;
  Nodes nodes_;
  std::set<std::string, std::less<>> names_, counted_;
};

struct MessagePattern::Node {
  enum class Kind : std::uint8_t { kText, kValue, kCount, kGroup, kSelect, kPlural };
  Kind kind = Kind::kText;
  std::string text;                                     // the text itself, or a placeholder's name
  Nodes inside;                                         // of a group
  std::vector<std::pair<std::string, Nodes>> branches;  // of a select or plural, by keyword
  std::shared_ptr<const PluralRule> plural;
};

}  // namespace baton
