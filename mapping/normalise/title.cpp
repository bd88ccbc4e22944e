#include "mapping/normalise/title.h"

#include <algorithm>
#include <array>
#include <limits>
#include <vector>

#include "mapping/normalise/word_list.h"
#include "mapping/unicode.h"

namespace baton {
namespace {

constexpr std::size_t kLongestTitle = 200;
constexpr std::size_t kNoRank = std::numeric_limits<std::size_t>::max();

// One taxonomy of mapping/data/titles.tsv. The rank of a pattern is its line.
struct Taxonomy {
  std::vector<std::string> values;
  std::unordered_map<std::string, std::size_t, TextHash, std::equal_to<>> words;
  std::vector<std::pair<std::string, std::size_t>> phrases, ends, begins, parts;

  void add(std::string_view pattern, std::size_t rank) {
    const bool open_front = pattern.starts_with('-');
    const bool open_back = pattern.ends_with('-');
    if (open_front) pattern.remove_prefix(1);
    if (open_back) pattern.remove_suffix(1);
    std::string text(pattern);
    std::replace(text.begin(), text.end(), '_', ' ');
    if (open_front && open_back)
      parts.emplace_back(text, rank);
    else if (open_front)
      ends.emplace_back(text, rank);
    else if (open_back)
      begins.emplace_back(text, rank);
    else if (text.find(' ') != std::string::npos)
      phrases.emplace_back(" " + text + " ", rank);
    else
      words.emplace(text, rank);
  }

  std::size_t rank_of(std::string_view word) const {
    std::size_t best = kNoRank;
    if (const auto found = words.find(word); found != words.end()) best = found->second;
    for (const auto& [text, rank] : ends)
      if (rank < best && word.ends_with(text)) best = rank;
    for (const auto& [text, rank] : begins)
      if (rank < best && word.starts_with(text)) best = rank;
    for (const auto& [text, rank] : parts)
      if (rank < best && word.find(text) != std::string_view::npos) best = rank;
    return best;
  }

  std::string classify(const std::vector<std::string>& title, std::string_view joined) const {
    std::size_t best = kNoRank;
    for (const auto& [text, rank] : phrases)
      if (rank < best && joined.find(text) != std::string_view::npos) best = rank;
    for (const std::string& word : title) best = std::min(best, rank_of(word));
    return best == kNoRank ? std::string() : values[best];
  }
};

void add_rows(Taxonomy& taxonomy, std::string_view kind) {
  for (const auto& row : data_rows("titles.tsv")) {
    if (row.size() < 3 || row[0] != kind) continue;
    const std::size_t rank = taxonomy.values.size();
    taxonomy.values.emplace_back(row[1]);
    for (std::string_view rest = row[2]; !rest.empty();) {
      const std::size_t end = std::min(rest.find(' '), rest.size());
      if (end > 0) taxonomy.add(rest.substr(0, end), rank);
      rest.remove_prefix(std::min(end + 1, rest.size()));
    }
  }
}

const Taxonomy& taxonomy(std::string_view kind) {
  static const auto* const all = [] {
    auto* out = new std::array<Taxonomy, 2>;
    add_rows((*out)[0], "level");
    add_rows((*out)[1], "function");
    return out;
  }();
  return (*all)[kind == "level" ? 0 : 1];
}

// "Leiter/in", "Leiter:in", "Leiter*in", "Leiter(in)", "LeiterIn", "Leiter/-in", "(m/w/d)".
std::string without_gender_signs(std::string_view raw) {
  std::string text(raw);
  for (const std::string_view sign :
       {"(m/w/d)", "(w/m/d)", "(m/f/d)", "(f/m/d)", "(m/w)", "(w/m)", "(d/m/w)",
        "(m/w/x)", "(m|w|d)", "(M/W/D)", "/-in",    "/in",   ":in",   "*in",
        "_in",     "(in)",    "/-r",     "/r",      ":r",    "*r",    "(r)"}) {
    for (std::size_t at = text.find(sign); at != std::string::npos; at = text.find(sign, at)) {
      const std::size_t end = at + sign.size();
      const bool goes_on =
          end < text.size() && ((text[end] | 0x20) >= 'a' && (text[end] | 0x20) <= 'z');
      if (goes_on && sign.back() != ')')
        at = end;
      else
        text.erase(at, sign.size());
    }
  }
  return text;
}

// "leiterin" -> "leiter", "spezialistin" -> "spezialist", but not "berlin".
void make_masculine(std::string& word) {
  if (word.ends_with("frau") && word.size() > 4) return;
  if (word.size() < 6 || !word.ends_with("in")) return;
  const std::string_view stem = std::string_view(word).substr(0, word.size() - 2);
  for (const std::string_view end : {"er", "or", "ent", "ant", "ist", "eur", "ekt", "at", "aer",
                                     "ar", "oge", "chef", "anwalt"}) {
    if (stem.ends_with(end)) {
      word.resize(stem.size());
      return;
    }
  }
}

std::vector<std::string> words_of(std::string_view folded) {
  std::vector<std::string> words;
  while (!folded.empty()) {
    const std::size_t end = std::min(folded.find(' '), folded.size());
    words.emplace_back(folded.substr(0, end));
    make_masculine(words.back());
    folded.remove_prefix(std::min(end + 1, folded.size()));
  }
  return words;
}

bool is_deputy(std::string_view word) {
  return word == "stv" || word == "stellv" || word.starts_with("stellvertret") ||
         word == "deputy" || word == "vize";
}

// A deputy ranks one level lower.
std::string one_below(std::string level) {
  if (level == "c_level") return "vp";
  if (level == "vp") return "director";
  if (level == "director") return "manager";
  return level == "manager" ? "specialist" : level;
}

}  // namespace

Title classify_title(std::string_view raw) {
  if (raw.size() > kLongestTitle) return {};
  const std::vector<std::string> words = words_of(fold(without_gender_signs(raw)));
  if (words.empty()) return {};
  std::string joined = " ";
  for (const std::string& word : words) joined += word + " ";
  Title title{taxonomy("level").classify(words, joined),
              taxonomy("function").classify(words, joined)};
  if (std::any_of(words.begin(), words.end(), [](const auto& word) { return is_deputy(word); }))
    title.level = one_below(std::move(title.level));
  if (title.function.empty() && !title.level.empty()) title.function = "other";
  return title;
}

}  // namespace baton
