#include "mapping/schema/yaml.h"

#include <algorithm>
#include <charconv>
#include <deque>
#include <sstream>
#include <vector>

#include <fmt/format.h>
#include <yaml-cpp/eventhandler.h>
#include <yaml-cpp/exceptions.h>
#include <yaml-cpp/parser.h>

#include "mapping/json/json.h"
#include "mapping/unicode.h"

namespace baton {
namespace {

constexpr int kMaxDepth = 64;
constexpr int kMaxAliasNodes = 10'000;
constexpr std::size_t kMaxBytes = std::size_t{8} << 20;
constexpr std::string_view kSyntax = "config.syntax";
constexpr std::string_view kTagPrefix = "tag:yaml.org,2002:";

struct Node {
  enum class Kind { kNull, kPlain, kText, kSequence, kMap, kAlias } kind = Kind::kNull;
  Position position;
  std::string text;
  const Node* target = nullptr;       // of an alias
  std::vector<const Node*> children;  // of a map: key, value, key, value
};

// Ends the parse from inside a callback of yaml-cpp; caught in parse_yaml.
struct Refused {
  Position position;
  std::string message;
  std::string code;
};

Position position_of(const YAML::Mark& mark) {
  return mark.is_null() ? Position{} : Position{mark.line + 1, mark.column + 1};
}

// Collects one document as a tree whose nodes do not move.
class TreeBuilder : public YAML::EventHandler {
 public:
  const Node* root() const { return root_; }

  void OnDocumentStart(const YAML::Mark&) override {}
  void OnDocumentEnd() override {}
  void OnNull(const YAML::Mark& mark, YAML::anchor_t anchor) override {
    add(Node::Kind::kNull, mark, anchor);
  }
  void OnAlias(const YAML::Mark& mark, YAML::anchor_t anchor) override {
    const auto found = anchors_.find(anchor);
    for (const Node* open : open_) {
      if (found == anchors_.end() || open == found->second)
        throw Refused{position_of(mark), "an alias must not refer to itself", std::string(kSyntax)};
    }
    add(Node::Kind::kAlias, mark, 0).target = found->second;
  }
  void OnScalar(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                const std::string& value) override {
    const bool text = tag == "!" || tag == std::string(kTagPrefix) + "str";
    if (!text) check_tag(tag, mark);
    add(text ? Node::Kind::kText : Node::Kind::kPlain, mark, anchor).text = value;
  }
  void OnSequenceStart(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                       YAML::EmitterStyle::value) override {
    open(Node::Kind::kSequence, mark, tag, anchor);
  }
  void OnSequenceEnd() override { open_.pop_back(); }
  void OnMapStart(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                  YAML::EmitterStyle::value) override {
    open(Node::Kind::kMap, mark, tag, anchor);
  }
  void OnMapEnd() override { open_.pop_back(); }

 private:
  static void check_tag(const std::string& tag, const YAML::Mark& mark) {
    if (tag.empty() || tag == "?" || tag == "!" || tag.starts_with(kTagPrefix)) return;
    throw Refused{position_of(mark), fmt::format("unknown tag \"{}\"; remove it", tag),
                  std::string(kSyntax)};
  }

  Node& add(Node::Kind kind, const YAML::Mark& mark, YAML::anchor_t anchor) {
    Node& node = nodes_.emplace_back();
    node.kind = kind;
    node.position = position_of(mark);
    if (open_.empty())
      root_ = &node;
    else
      open_.back()->children.push_back(&node);
    if (anchor != 0) anchors_[anchor] = &node;
    return node;
  }

  void open(Node::Kind kind, const YAML::Mark& mark, const std::string& tag,
            YAML::anchor_t anchor) {
    check_tag(tag, mark);
    if (open_.size() >= kMaxDepth)
      throw Refused{position_of(mark), fmt::format("nested deeper than {} levels", kMaxDepth),
                    "config.too_deep"};
    open_.push_back(&add(kind, mark, anchor));
  }

  std::deque<Node> nodes_;
  std::vector<Node*> open_;
  std::unordered_map<YAML::anchor_t, const Node*> anchors_;
  const Node* root_ = nullptr;
};

template <class Number, class... Base>
bool read_number(std::string_view digits, Number& out, Base... base) {
  const char* const end = digits.data() + digits.size();
  const auto [stop, failed] = std::from_chars(digits.data(), end, out, base...);
  return failed == std::errc{} && stop == end && !digits.empty();
}

// Accepts digits, one decimal point and one exponent. The other forms that from_chars accepts
// ("inf", "nan") are text.
bool looks_like_float(std::string_view text) {
  if (!text.empty() && text.front() == '-') text.remove_prefix(1);
  if (text.find_first_of("0123456789") == std::string_view::npos) return false;
  return text.find_first_not_of("0123456789.eE+-") == std::string_view::npos &&
         text.front() != 'e' && text.front() != 'E';
}

// The core schema of YAML 1.2.2, 10.3.2, except that numbers with leading zeros stay text: postal
// codes and telephone numbers are written so.
json::value typed(std::string_view text) {
  if (text == "true" || text == "True" || text == "TRUE") return true;
  if (text == "false" || text == "False" || text == "FALSE") return false;
  std::int64_t integer = 0;
  if (text.starts_with("0x") && read_number(text.substr(2), integer, 16)) return integer;
  if (text.starts_with("0o") && read_number(text.substr(2), integer, 8)) return integer;
  std::string_view number = text;
  if (number.starts_with('+')) number.remove_prefix(1);
  const std::string_view magnitude = number.starts_with('-') ? number.substr(1) : number;
  const bool padded =
      magnitude.size() > 1 && magnitude[0] == '0' && magnitude[1] >= '0' && magnitude[1] <= '9';
  if (magnitude.starts_with('+') || (magnitude.size() < number.size() && text.starts_with('+')) ||
      padded)
    return json::value(text);
  if (read_number(number, integer)) return integer;
  double decimal = 0;
  if (looks_like_float(number) &&
      magnitude.find_first_not_of("0123456789") != std::string_view::npos &&
      read_number(number, decimal))
    return decimal;
  return json::value(text);
}

// Converts the tree to JSON and records the position of every node.
class Converter {
 public:
  Converter(YamlDocument& document, Findings& findings)
      : document_(document), findings_(findings) {}

  json::value convert(const Node& node, const std::string& pointer, int depth) {
    if (in_alias_ > 0 && ++alias_nodes_ > kMaxAliasNodes)
      throw Refused{node.position,
                    fmt::format("aliases expand to more than {} values", kMaxAliasNodes),
                    "config.too_many_aliases"};
    if (depth > kMaxDepth)
      throw Refused{node.position, fmt::format("nested deeper than {} levels", kMaxDepth),
                    "config.too_deep"};
    document_.positions.emplace(pointer, node.position);
    switch (node.kind) {
      case Node::Kind::kNull:
        return nullptr;
      case Node::Kind::kPlain:
        return typed(node.text);
      case Node::Kind::kText:
        return json::value(node.text);
      case Node::Kind::kSequence:
        return convert_sequence(node, pointer, depth);
      case Node::Kind::kMap:
        return convert_map(node, pointer, depth);
      case Node::Kind::kAlias:
        break;
    }
    ++in_alias_;
    json::value value = convert(*node.target, pointer, depth);
    --in_alias_;
    return value;
  }

 private:
  json::value convert_sequence(const Node& node, const std::string& pointer, int depth) {
    json::array out;
    for (const Node* child : node.children)
      out.push_back(convert(*child, fmt::format("{}/{}", pointer, out.size()), depth + 1));
    return out;
  }

  json::value convert_map(const Node& node, const std::string& pointer, int depth) {
    json::object out;
    std::unordered_map<std::string_view, Position> seen;
    for (std::size_t i = 0; i + 1 < node.children.size(); i += 2) {
      const Node* key = node.children[i];
      while (key->kind == Node::Kind::kAlias) key = key->target;
      if (!check_key(*key, node.children[i]->position)) continue;
      const Position at = node.children[i]->position;
      const auto [first, fresh] = seen.emplace(key->text, at);
      if (!fresh) {
        complain(at,
                 fmt::format("duplicate key \"{}\"; it already appears in line {}, column {}",
                             key->text, first->second.line, first->second.column),
                 "config.duplicate_key");
        continue;
      }
      const std::string child = pointer + "/" + pointer_segment(key->text);
      document_.positions.emplace(child + "#key", at);
      const Node& value = *node.children[i + 1];
      // An empty value has no position; the library reports the next token.
      if (value.kind == Node::Kind::kNull && value.position.line != at.line)
        document_.positions.emplace(child, at);
      out.emplace(key->text, convert(value, child, depth + 1));
    }
    return out;
  }

  bool check_key(const Node& key, Position at) {
    if (key.kind != Node::Kind::kPlain && key.kind != Node::Kind::kText) {
      complain(at, "a key must be plain text", std::string(kSyntax));
      return false;
    }
    if (key.kind == Node::Kind::kPlain && key.text == "<<") {
      complain(at,
               "merge keys (\"<<\") are not supported; write the values out or use an alias for "
               "one value",
               std::string(kSyntax));
      return false;
    }
    return true;
  }

  void complain(Position at, std::string message, std::string code) {
    findings_.push_back({document_.file, at.line, at.column, std::move(message), std::move(code)});
  }

  YamlDocument& document_;
  Findings& findings_;
  int in_alias_ = 0;
  int alias_nodes_ = 0;
};

// Finds the first tab in the indentation of a line up to `last`; the library's message for it is
// misleading.
Position tab_in_indentation(std::string_view text, int last) {
  int line = 1;
  for (std::size_t begin = 0; begin < text.size() && line <= last; ++line) {
    const std::size_t end = std::min(text.find('\n', begin), text.size());
    const std::string_view row = text.substr(begin, end - begin);
    const std::size_t tab = row.find('\t');
    if (tab != std::string_view::npos && row.find_first_not_of(' ') == tab &&
        row.find_first_not_of(" \t\r") != std::string_view::npos)
      return {line, static_cast<int>(tab) + 1};
    begin = end + 1;
  }
  return {};
}

Finding syntax_finding(std::string_view text, const YAML::Exception& e, const std::string& file) {
  Position at = position_of(e.mark);
  std::string message = fmt::format("not YAML: {}", as_utf8(e.msg));  // may quote half a character
  if (const Position tab = tab_in_indentation(text, at.line); tab.line > 0) {
    at = tab;
    message = "indented with a tab; indent with spaces";
  }
  return {file, at.line, at.column, std::move(message), std::string(kSyntax)};
}

json::value read_document(std::string_view text, YamlDocument& document, Findings& findings) {
  std::istringstream stream{std::string(text)};
  YAML::Parser parser(stream);
  TreeBuilder tree;
  if (!parser.HandleNextDocument(tree) || tree.root() == nullptr) return nullptr;
  json::value value = Converter(document, findings).convert(*tree.root(), "", 1);
  TreeBuilder more;
  if (parser.HandleNextDocument(more) && more.root() != nullptr) {
    const Position at = more.root()->position;
    findings.push_back({document.file, at.line, at.column,
                        "a second document (\"---\"); write one document per file",
                        std::string(kSyntax)});
  }
  return value;
}

// The position of a byte of a text in UTF-8.
Position position_in(std::string_view text, std::size_t byte) {
  const auto before = text.substr(0, byte);
  const auto row = before.substr(before.rfind('\n') + 1);  // npos + 1 is the beginning
  return {static_cast<int>(std::count(before.begin(), before.end(), '\n')) + 1,
          static_cast<int>(count_characters(row)) + 1};
}

bool check_bytes(std::string_view text, const std::string& file, Findings& findings) {
  if (text.size() > kMaxBytes) {
    findings.push_back({file, 0, 0, "larger than 8 MiB", "config.too_large"});
    return false;
  }
  const auto complain = [&](Position at, std::string message) {
    findings.push_back({file, at.line, at.column, std::move(message), std::string(kSyntax)});
    return false;
  };
  if (text.starts_with("\xFF\xFE") || text.starts_with("\xFE\xFF"))
    return complain({1, 1}, "UTF-16; save the file as UTF-8");
  const auto good = utf8_prefix(text);
  // If the first bytes contain a NUL, yaml-cpp reads the text as UTF-16 or UTF-32.
  if (const auto nul = good.find('\0'); nul != std::string_view::npos)
    return complain(position_in(good, nul), "a NUL byte; remove it");
  if (good.size() != text.size())
    return complain(position_in(good, good.size()), "not UTF-8; save the file in that encoding");
  return true;
}

}  // namespace

std::string pointer_segment(std::string_view key) {
  std::string out;
  for (const char c : key) {
    if (c == '~')
      out += "~0";
    else if (c == '/')
      out += "~1";
    else
      out += c;
  }
  return out;
}

Position YamlDocument::at(std::string_view pointer) const {
  std::string path(pointer);
  while (true) {
    if (const auto found = positions.find(path); found != positions.end()) return found->second;
    if (path.empty()) return {};
    if (path.ends_with("#key"))
      path.resize(path.size() - 4);
    else
      path.resize(std::min(path.rfind('/'), path.size() - 1));
  }
}

Finding YamlDocument::finding(std::string_view pointer, std::string message,
                              std::string code) const {
  const Position where = at(pointer);
  return {file,
          where.line,
          where.column,
          std::move(message),
          std::move(code),
          false,
          std::string(pointer),
          {}};
}

YamlDocument parse_yaml(std::string_view text, std::string file, Findings& findings) {
  YamlDocument document;
  document.file = std::move(file);
  if (!check_bytes(text, document.file, findings)) return document;
  try {
    document.value = read_document(text, document, findings);
  } catch (const Refused& refused) {
    findings.push_back({document.file, refused.position.line, refused.position.column,
                        refused.message, refused.code});
  } catch (const YAML::Exception& e) {
    findings.push_back(syntax_finding(text, e, document.file));
  } catch (const std::exception& e) {
    findings.push_back(
        {document.file, 0, 0, fmt::format("not YAML: {}", e.what()), std::string(kSyntax)});
  }
  return document;
}

}  // namespace baton
