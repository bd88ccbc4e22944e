#include "mapping/schema/schema.h"

#include <algorithm>
#include <map>

#include <fmt/format.h>

#include "mapping/json/json.h"
#include "mapping/schema/embedded.h"
#include "mapping/schema/schema_check.h"
#include "mapping/unicode.h"

namespace baton {
namespace {

constexpr std::string_view kFolder = "docs/reference/schema/";
constexpr std::string_view kSuffix = ".json";

std::string_view kind_of(std::string_view path) {
  if (!path.starts_with(kFolder) || !path.ends_with(kSuffix)) return {};
  path.remove_prefix(kFolder.size());
  path.remove_suffix(kSuffix.size());
  return path;
}

// Parsed once, on first use. The schema test finds schemas that are not valid JSON.
const std::map<std::string, json::object, std::less<>>& schemas() {
  static const auto* const all = [] {
    auto* out = new std::map<std::string, json::object, std::less<>>;
    for (const EmbeddedFile& file : embedded_mapping()) {
      const std::string_view kind = kind_of(file.path);
      if (kind.empty()) continue;
      auto parsed = parse_json(file.content);
      if (parsed.has_value() && parsed->is_object()) out->emplace(kind, parsed->get_object());
    }
    return out;
  }();
  return *all;
}

// Edit distance with swaps of neighbouring characters (optimal string alignment). At least `enough`
// if it is that large.
std::size_t distance(std::string_view a, std::string_view b, std::size_t enough) {
  if (std::max(a.size(), b.size()) - std::min(a.size(), b.size()) >= enough) return enough;
  std::vector<std::size_t> before(b.size() + 1);
  std::vector<std::size_t> previous(b.size() + 1);
  std::vector<std::size_t> current(b.size() + 1);
  for (std::size_t j = 0; j <= b.size(); ++j) previous[j] = j;
  for (std::size_t i = 1; i <= a.size(); ++i) {
    current[0] = i;
    for (std::size_t j = 1; j <= b.size(); ++j) {
      const std::size_t replaced = previous[j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1);
      current[j] = std::min({previous[j] + 1, current[j - 1] + 1, replaced});
      if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
        current[j] = std::min(current[j], before[j - 2] + 1);
    }
    // The distance is not below the least of two rows.
    if (std::min(*std::min_element(previous.begin(), previous.end()),
                 *std::min_element(current.begin(), current.end())) >= enough)
      return enough;
    std::swap(before, previous);
    std::swap(previous, current);
  }
  return previous[b.size()];
}

}  // namespace

Findings check_schema(const YamlDocument& document, std::string_view kind) {
  const auto found = schemas().find(kind);
  if (found == schemas().end())
    return {document.finding("", fmt::format("no schema \"{}\"", kind), "config.no_schema")};
  return check_against(document, found->second);
}

std::string_view schema_text(std::string_view kind) {
  for (const EmbeddedFile& file : embedded_mapping()) {
    if (!kind.empty() && kind_of(file.path) == kind) return file.content;
  }
  return {};
}

std::vector<std::string> schema_kinds() {
  std::vector<std::string> kinds;
  for (const EmbeddedFile& file : embedded_mapping()) {
    if (const auto kind = kind_of(file.path); !kind.empty()) kinds.emplace_back(kind);
  }
  std::sort(kinds.begin(), kinds.end());
  return kinds;
}

std::string did_you_mean(std::string_view word, const std::vector<std::string>& candidates) {
  constexpr std::size_t kLongest = 64;  // a longer word is not a typing error
  if (word.empty() || word.size() > kLongest) return {};
  const std::string wanted = to_lower(word);
  std::string nearest;
  std::size_t best = std::max<std::size_t>(1, wanted.size() / 3) + 1;
  for (const std::string& candidate : candidates) {
    const std::size_t d = distance(wanted, to_lower(candidate), best);
    if (d < best && d < wanted.size()) {
      best = d;
      nearest = candidate;
    }
  }
  return nearest;
}

}  // namespace baton
