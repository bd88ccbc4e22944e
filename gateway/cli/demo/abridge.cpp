#include "gateway/cli/demo/abridge.h"

#include <algorithm>
#include <set>

namespace baton {
namespace {

constexpr std::string_view kShown[] = {"mql.because", "score.changed", "pool.picked",
                                       "pool.excluded"};
// The branches of the explanation that are shown, in order. The lines above them are shown first.
enum Branch { kWhySales, kWhyRep, kClocks, kOthers };

// The reasons that the demo shows, in the explanation's wording.
std::set<std::string, std::less<>> shown_texts(const json::object& timeline) {
  std::set<std::string, std::less<>> texts;
  const auto* items = array(timeline, "items");
  for (std::size_t i = 0; items != nullptr && i < items->size(); ++i) {
    const auto* reasons = array((*items)[i].as_object(), "reasons");
    for (std::size_t j = 0; reasons != nullptr && j < reasons->size(); ++j) {
      const auto& row = (*reasons)[j].as_object();
      if (std::find(std::begin(kShown), std::end(kShown), text(row, "code")) != std::end(kShown))
        texts.emplace(text(row, "text"));
    }
  }
  return texts;
}

std::string_view next_line(std::string_view& text) {
  const auto end = std::min(text.find('\n'), text.size());
  const auto line = text.substr(0, end);
  text.remove_prefix(std::min(end + 1, text.size()));
  return line;
}

// Removes the characters of the tree in front of the line.
std::string_view words_of(std::string_view line) {
  const auto at = line.find("\u2500 ");
  return at == std::string_view::npos ? line : line.substr(at + std::string_view("\u2500 ").size());
}

bool is_title(std::string_view line) {
  return line.starts_with("\u251c") || line.starts_with("\u2514");
}

}  // namespace

std::vector<std::string> abridged(std::string_view tree, const json::object& timeline) {
  const auto shown = shown_texts(timeline);
  std::vector<std::string> lines;
  int branch = -1;
  while (!tree.empty()) {
    const auto line = next_line(tree);
    if (is_title(line)) ++branch;
    if (branch >= kOthers) break;
    if (is_title(line) || branch < 0 || branch == kClocks || shown.contains(words_of(line)))
      lines.emplace_back(line);
  }
  return lines;
}

}  // namespace baton
