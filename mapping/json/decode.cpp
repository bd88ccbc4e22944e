#include "mapping/json/decode.h"

#include <algorithm>
#include <string>
#include <vector>

#include "mapping/unicode.h"

namespace baton {
namespace {

constexpr std::size_t kMaxFields = 2'000;
constexpr std::size_t kMaxLevels = 16;

char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + ('a' - 'A')) : c; }

int hex(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  const char l = lower(c);
  return l >= 'a' && l <= 'f' ? l - 'a' + 10 : -1;
}

bool unescape(std::string_view text, std::string& out) {
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] != '%') {
      out += text[i] == '+' ? ' ' : text[i];
      continue;
    }
    if (i + 2 >= text.size() || hex(text[i + 1]) < 0 || hex(text[i + 2]) < 0) return false;
    out += static_cast<char>(hex(text[i + 1]) * 16 + hex(text[i + 2]));
    i += 2;
  }
  return true;
}

// "data[merges][FNAME]" -> data, merges, FNAME. Unpaired brackets belong to the name.
std::vector<std::string> levels_of(const std::string& name) {
  const auto open = name.find('[');
  if (open == std::string::npos || open == 0 || name.back() != ']') return {name};
  std::vector<std::string> levels{name.substr(0, open)};
  for (std::size_t at = open; at < name.size();) {
    const auto close = name.find(']', at);
    if (name[at] != '[' || close == std::string::npos) return {name};
    levels.push_back(name.substr(at + 1, close - at - 1));
    at = close + 1;
  }
  return levels;
}

void insert(json::value& at, const std::vector<std::string>& levels, std::size_t level,
            std::string&& text) {
  if (level == levels.size()) {
    if (at.is_null())
      at = std::move(text);
    else if (at.is_string())
      at = json::array{std::move(at), std::move(text)};
    else if (at.is_array())
      at.get_array().emplace_back(std::move(text));
    return;
  }
  const std::string& name = levels[level];
  if (name.empty()) {
    if (!at.is_array()) at = json::array{};
    return insert(at.get_array().emplace_back(nullptr), levels, level + 1, std::move(text));
  }
  if (!at.is_object()) at = json::object{};
  insert(at.get_object()[name], levels, level + 1, std::move(text));
}

}  // namespace

std::optional<BodyFormat> format_of(std::string_view content_type) {
  std::string type(content_type.substr(0, content_type.find(';')));
  std::transform(type.begin(), type.end(), type.begin(), lower);
  while (type.ends_with(' ')) type.pop_back();
  if (type == "application/x-www-form-urlencoded") return BodyFormat::kForm;
  if (type == "application/json" || type == "text/json" || type.ends_with("+json"))
    return BodyFormat::kJson;
  return std::nullopt;
}

Result<json::value> parse_form(std::string_view body) {
  json::value root = json::object{};
  for (std::size_t fields = 0; !body.empty(); ++fields) {
    if (fields == kMaxFields) return error(Errc::kInvalidInput, "form: more than 2000 fields");
    const auto end = std::min(body.find('&'), body.size());
    const auto pair = body.substr(0, end);
    body.remove_prefix(std::min(end + 1, body.size()));
    if (pair.empty()) continue;
    const auto equals = std::min(pair.find('='), pair.size());
    std::string name;
    std::string text;
    if (!unescape(pair.substr(0, equals), name) ||
        !unescape(pair.substr(std::min(equals + 1, pair.size())), text))
      return error(Errc::kInvalidInput, "form: invalid percent-encoding");
    if (!is_utf8(name) || !is_utf8(text)) return error(Errc::kInvalidInput, "form: not UTF-8");
    const auto levels = levels_of(name);
    if (levels.size() > kMaxLevels) return error(Errc::kInvalidInput, "form: nested too deeply");
    insert(root, levels, 0, std::move(text));
  }
  return root;
}

Result<json::value> decode_body(BodyFormat format, std::string_view body,
                                json::storage_ptr storage) {
  return format == BodyFormat::kForm ? parse_form(body) : parse_json(body, 64, std::move(storage));
}

}  // namespace baton
