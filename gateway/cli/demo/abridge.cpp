#include "gateway/cli/demo/abridge.h"

#include <algorithm>
#include <set>

namespace baton {
namespace {

constexpr std::string_view kTold[] = {"mql.because", "score.changed", "pool.picked",
                                      "pool.excluded"};
// The explanation's branches, in its order; above them it says the most in a few lines.
enum Branch { kWhySales, kWhyRep, kClocks, kOthers };

// The sentences of the reasons that are worth a line here, as the explanation has them.
std::set<std::string, std::less<>> told_texts(const json::object& timeline) {
  std::set<std::string, std::less<>> texts;
  const auto* items = array(timeline, "items");
  for (std::size_t i = 0; items != nullptr && i < items->size(); ++i) {
    const auto* reasons = array((*items)[i].as_object(), "reasons");
    for (std::size_t j = 0; reasons != nullptr && j < reasons->size(); ++j) {
      const auto& row = (*reasons)[j].as_object();
      if (std::find(std::begin(kTold), std::end(kTold), text(row, "code")) != std::end(kTold))
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

// Without the lines of the tree before it.
std::string_view words_of(std::string_view line) {
  const auto at = line.find("\u2500 ");
  return at == std::string_view::npos ? line : line.substr(at + std::string_view("\u2500 ").size());
}

bool is_title(std::string_view line) {
  return line.starts_with("\u251c") || line.starts_with("\u2514");
}

}  // namespace

std::vector<std::string> abridged(std::string_view tree, const json::object& timeline) {
  const auto told = told_texts(timeline);
  std::vector<std::string> lines;
  int branch = -1;
  while (!tree.empty()) {
    const auto line = next_line(tree);
    if (is_title(line)) ++branch;
    if (branch >= kOthers) break;
    if (is_title(line) || branch < 0 || branch == kClocks || told.contains(words_of(line)))
      lines.emplace_back(line);
  }
  return lines;
}

}  // namespace baton
