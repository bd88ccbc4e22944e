#include "gateway/core/text/message_pattern.h"

#include <algorithm>

#include <fmt/format.h>

#include <unicode/locid.h>
#include <unicode/messagepattern.h>
#include <unicode/plurrule.h>
#include <unicode/unistr.h>

#include "gateway/core/text/pattern_scan.h"
#include "mapping/unicode.h"

namespace baton {

class PluralRule {
 public:
  PluralRule(const std::string& language, bool ordinal) {
    UErrorCode status = U_ZERO_ERROR;
    rules_.reset(icu::PluralRules::forLocale(icu::Locale(language.c_str()),
                                             ordinal ? UPLURAL_TYPE_ORDINAL : UPLURAL_TYPE_CARDINAL,
                                             status));
    if (U_FAILURE(status)) rules_.reset();
  }
  // "one", "few", ...; "other" if the language makes no difference.
  std::string form(std::int64_t number) const {
    std::string out;
    constexpr std::int64_t kMost = 1'000'000;  // no language looks at more digits than these
    const auto shown = number < 0 ? -(number % kMost) : number % kMost;
    const auto rest = number == shown || number == -shown ? shown : shown + kMost;
    if (rules_) rules_->select(static_cast<std::int32_t>(rest)).toUTF8String(out);
    return out;
  }
  bool has(std::string_view form) const { return form == "other" || known().contains(form); }
  // "one, few, other"
  std::string forms() const {
    std::string out;
    for (const auto* form : {"zero", "one", "two", "few", "many"})
      if (known().contains(form)) out.append(form).append(", ");
    return out + "other";
  }

 private:
  std::set<std::string, std::less<>> known() const {
    std::set<std::string, std::less<>> out;
    UErrorCode status = U_ZERO_ERROR;
    const std::unique_ptr<icu::StringEnumeration> words(rules_ ? rules_->getKeywords(status)
                                                               : nullptr);
    if (!words) return out;
    for (const char* word = words->next(nullptr, status); word != nullptr && U_SUCCESS(status);
         word = words->next(nullptr, status))
      out.emplace(word);
    return out;
  }

  std::unique_ptr<icu::PluralRules> rules_;
};

namespace {

using Node = MessagePattern::Node;
using Nodes = MessagePattern::Nodes;
using Kind = Node::Kind;

std::string utf8(const icu::UnicodeString& text, std::int32_t from, std::int32_t to) {
  std::string out;
  text.tempSubStringBetween(from, to).toUTF8String(out);
  return out;
}

const char* words_of(UErrorCode status) {
  switch (status) {
    case U_UNMATCHED_BRACES:
      return "a brace is not closed";
    case U_DEFAULT_KEYWORD_MISSING:
      return "a plural or select needs a branch \"other\"";
    case U_INDEX_OUTOFBOUNDS_ERROR:
      return "the text is too long or nested too deeply";
    default:
      return "not ICU MessageFormat";
  }
}

// A keyword such as "=12", written as the number is compared.
bool is_exact(std::string_view keyword) {
  const auto digits = keyword.substr(keyword.starts_with("=-") ? 2 : 1);
  return !digits.empty() && digits.find_first_not_of("0123456789") == std::string_view::npos &&
         (digits.front() != '0' || keyword == "=0");
}

const Nodes* branch_of(const Node& node, std::string_view keyword) {
  for (const auto& [name, nodes] : node.branches) {
    if (name == keyword) return &nodes;
  }
  return nullptr;
}

// One message under construction: its nodes, and those of the bracket that is open.
struct Level {
  Nodes nodes;
  std::optional<Nodes> group;
  Nodes& top() { return group ? *group : nodes; }

  void add_text(std::string_view text) {
    if (top().empty() || top().back().kind != Kind::kText)
      top().push_back({Kind::kText, {}, {}, {}, {}});
    top().back().text += text;
  }
  void add(Nodes more) {
    for (auto& node : more) {
      if (node.kind == Kind::kText)
        add_text(node.text);
      else
        top().push_back(std::move(node));
    }
  }
};

// The chosen branch of a select or plural; null if the value is missing.
const Nodes* choose(const Node& node, const TextValues& values, std::int64_t& count) {
  if (node.kind == Kind::kSelect) {
    std::string value;
    values.append(node.text, value);
    const auto* found = branch_of(node, value);
    return found != nullptr ? found : branch_of(node, "other");
  }
  const auto number = values.number(node.text);
  if (!number) {  // a value that is no whole number, such as 2.5
    std::string value;
    return values.append(node.text, value) ? branch_of(node, "other") : nullptr;
  }
  count = *number;
  if (const auto* exact = branch_of(node, fmt::format("={}", count))) return exact;
  const auto* found = branch_of(node, node.plural->form(count));
  return found != nullptr ? found : branch_of(node, "other");
}

// False if a value was missing.
bool render(const Nodes& nodes, const TextValues& values, std::int64_t count, bool in_group,
            std::string& out) {
  bool complete = true;
  for (const auto& node : nodes) {
    const auto before = out.size();
    bool found = true;
    switch (node.kind) {
      case Kind::kText:
        out += node.text;
        break;
      case Kind::kCount:
        fmt::format_to(std::back_inserter(out), "{}", count);
        break;
      case Kind::kValue:
        found = values.append(node.text, out);
        break;
      case Kind::kGroup:
        if (!render(node.inside, values, count, true, out)) out.resize(before);
        break;
      case Kind::kSelect:
      case Kind::kPlural: {
        auto inner = count;
        const auto* chosen = choose(node, values, inner);
        found = chosen != nullptr && render(*chosen, values, inner, in_group, out);
        if (chosen != nullptr && !in_group) found = true;
        break;
      }
    }
    if (found) continue;
    complete = false;
    if (!in_group) out += '-';
  }
  return complete;
}

}  // namespace

// Walks what ICU has parsed.
class PatternReader {
 public:
  PatternReader(const std::string& language, Address address, PatternFault& fault)
      : language_(language), address_(address), fault_(fault) {}

  bool read(std::string_view text, MessagePattern& out) {
    text_ =
        icu::UnicodeString::fromUTF8(icu::StringPiece(text.data(), static_cast<int>(text.size())));
    const auto scan = scan_pattern(text);
    if (scan.too_deep) {
      fault_ = {fmt::format("placeholders are nested more than {} deep", kMostNested),
                count_characters(text.substr(0, *scan.too_deep))};
      return false;
    }
    UErrorCode status = U_ZERO_ERROR;
    UParseError error{};
    parsed_.parse(text_, &error, status);
    if (U_FAILURE(status)) {
      // ICU may read past a missing brace and find fault with what follows.
      if (status == U_PATTERN_SYNTAX_ERROR && scan.unclosed) status = U_UNMATCHED_BRACES;
      fail(words_of(status), error.offset);
      // ICU does not report these two places.
      const auto at = status == U_UNMATCHED_BRACES          ? scan.unclosed
                      : status == U_DEFAULT_KEYWORD_MISSING ? scan.without_other
                                                            : std::nullopt;
      if (at) fault_.at = count_characters(text.substr(0, *at));
      return false;
    }
    std::int32_t part = 0;
    out.nodes_ = read_message(part);
    out.names_ = std::move(names_);
    out.counted_ = std::move(counted_);
    return good_;
  }

 private:
  // `at` is a unit of UTF-16, as ICU counts.
  bool fail(std::string message, std::int32_t at) {
    if (good_)
      fault_ = {std::move(message),
                static_cast<std::size_t>(text_.countChar32(0, std::max(at, 0)))};
    good_ = false;
    return false;
  }

  // `part` is that of the message's beginning, and afterwards that of its end.
  Nodes read_message(std::int32_t& part) {
    Level level;
    auto from = parsed_.getPart(part).getLimit();
    for (++part; good_ && part < parsed_.countParts(); ++part) {
      const auto& here = parsed_.getPart(part);
      read_text(from, here.getIndex(), level);
      from = here.getLimit();
      switch (here.getType()) {
        case UMSGPAT_PART_TYPE_MSG_LIMIT:
          if (level.group) fail("a square bracket is not closed", here.getIndex());
          return std::move(level.nodes);
        case UMSGPAT_PART_TYPE_REPLACE_NUMBER:
          level.top().push_back({Kind::kCount, {}, {}, {}, {}});
          break;
        case UMSGPAT_PART_TYPE_ARG_START:
          read_argument(part, level);
          part = parsed_.getLimitPartIndex(part);
          from = parsed_.getPart(part).getLimit();
          break;
        default:
          break;  // a quoting apostrophe
      }
    }
    return std::move(level.nodes);
  }

  void read_text(std::int32_t from, std::int32_t to, Level& level) {
    const auto text = utf8(text_, from, to);
    for (std::size_t i = 0; i < text.size(); ++i) {
      const char c = text[i];
      const bool bracket = c == '[' || c == ']';
      if (bracket && i + 1 < text.size() && text[i + 1] == c) {
        level.add_text({&text[i++], 1});
      } else if (c == '[') {
        if (level.group) fail("a square bracket within another", place(from, text, i));
        level.group.emplace();
      } else if (c == ']') {
        if (!level.group) {
          fail("a closing square bracket without an opening one; write ]] for a literal one",
               place(from, text, i));
          return;
        }
        Node group{Kind::kGroup, {}, std::move(*level.group), {}, {}};
        level.group.reset();
        level.nodes.push_back(std::move(group));
      } else {
        level.add_text({&text[i], 1});
      }
    }
  }

  // The place of a byte of a text that begins at `from`.
  static std::int32_t place(std::int32_t from, std::string_view text, std::size_t byte) {
    return from + icu::UnicodeString::fromUTF8({text.data(), static_cast<int>(byte)}).length();
  }

  void read_argument(std::int32_t part, Level& level) {
    const auto type = parsed_.getPart(part).getArgType();
    const auto& name_part = parsed_.getPart(part + 1);
    Node node{Kind::kValue, utf8(text_, name_part.getIndex(), name_part.getLimit()), {}, {}, {}};
    if (type == UMSGPAT_ARG_TYPE_SELECT) {
      node.kind = Kind::kSelect;
    } else if (UMSGPAT_ARG_TYPE_HAS_PLURAL_STYLE(type)) {
      node.kind = Kind::kPlural;
      node.plural = std::make_shared<PluralRule>(language_, type == UMSGPAT_ARG_TYPE_SELECTORDINAL);
    } else if (type != UMSGPAT_ARG_TYPE_NONE) {
      fail("only plural, select and selectordinal format a value; write {" + node.text + "}",
           name_part.getIndex());
      return;
    }
    if (node.kind != Kind::kValue) read_branches(part + 2, node);
    if (node.kind == Kind::kSelect && node.text == "address") {
      const auto* chosen = branch_of(node, address_ == Address::kDu ? "du" : "sie");
      if (chosen == nullptr) chosen = branch_of(node, "other");
      if (chosen != nullptr) level.add(*chosen);
      return;
    }
    names_.insert(node.text);
    if (node.kind == Kind::kPlural) counted_.insert(node.text);
    level.top().push_back(std::move(node));
  }

  void read_branches(std::int32_t part, Node& node) {
    while (good_ && parsed_.getPartType(part) != UMSGPAT_PART_TYPE_ARG_LIMIT) {
      const auto& selector = parsed_.getPart(part);
      if (selector.getType() != UMSGPAT_PART_TYPE_ARG_SELECTOR) {
        fail("a plural's offset is not supported", selector.getIndex());
        return;
      }
      auto keyword = utf8(text_, selector.getIndex(), selector.getLimit());
      if (!check_keyword(node, keyword, selector.getIndex())) return;
      ++part;
      if (parsed_.getPartType(part) != UMSGPAT_PART_TYPE_MSG_START) ++part;  // the number of "=1"
      node.branches.emplace_back(std::move(keyword), read_message(part));
      ++part;
    }
  }

  // Reports a branch that would never be chosen.
  bool check_keyword(const Node& node, const std::string& keyword, std::int32_t at) {
    if (branch_of(node, keyword) != nullptr)
      return fail(fmt::format("the branch \"{}\" appears twice", keyword), at);
    if (node.kind == Kind::kSelect) {
      const bool known = keyword == "du" || keyword == "sie" || keyword == "other";
      return node.text != "address" || known ||
             fail(fmt::format("address has no form \"{}\"; it has du, sie, other", keyword), at);
    }
    if (keyword.starts_with('=')) {
      return is_exact(keyword) ||
             fail(fmt::format("write the number of \"{}\" with plain digits", keyword), at);
    }
    return node.plural->has(keyword) ||
           fail(fmt::format("\"{}\" has no plural form \"{}\"; it has {}", language_, keyword,
                            node.plural->forms()),
                at);
  }

  const std::string& language_;
  const Address address_;
  PatternFault& fault_;
  icu::UnicodeString text_;
  UErrorCode made_ = U_ZERO_ERROR;
  icu::MessagePattern parsed_{made_};
  std::set<std::string, std::less<>> names_, counted_;
  bool good_ = true;
};

std::optional<MessagePattern> MessagePattern::parse(std::string_view text,
                                                    const std::string& language, Address address,
                                                    PatternFault& fault) {
  MessagePattern pattern;
  if (!PatternReader(language, address, fault).read(text, pattern)) return std::nullopt;
  return pattern;
}

void MessagePattern::append(const TextValues& values, std::string& out) const {
  render(nodes_, values, 0, false, out);
}

std::string_view MessagePattern::plain() const {
  return nodes_.size() == 1 && nodes_.front().kind == Kind::kText ? nodes_.front().text
                                                                  : std::string_view();
}

}  // namespace baton
