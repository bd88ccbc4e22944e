#include "mapping/normalise/name_words.h"

#include <algorithm>

#include "mapping/normalise/word_list.h"
#include "mapping/unicode.h"

namespace baton {
namespace {

struct NameWords {
  std::unordered_map<std::string_view, std::unordered_set<std::string_view>> by_kind;

  bool is(std::string_view kind, std::string_view word) const {
    const auto found = by_kind.find(kind);
    return found != by_kind.end() && found->second.contains(word);
  }
};

const NameWords& words() {
  static const auto* const all = [] {
    auto* out = new NameWords;
    for (const auto& row : data_rows("name_words.tsv"))
      out->by_kind[row.front()].insert(row.begin() + 1, row.end());
    return out;
  }();
  return *all;
}

std::string key_of(std::string_view word) {
  std::string key = to_lower(word);
  std::erase_if(key, [](char c) { return c == '.' || c == ','; });
  return key;
}

bool shows_abbreviation(std::string_view word) {
  return word.find('.') != std::string_view::npos ||
         (word.size() > 1 && letter_case(word) == LetterCase::kUpper);
}

// "Dr.Müller" -> "Dr.", "Müller"; "Dr.-Ing." and "M.Sc." stay whole.
bool parts_at(std::string_view text, std::size_t dot) {
  if (dot + 1 >= text.size() || text[dot + 1] == '-' || text[dot + 1] == '.' ||
      text[dot + 1] == ',')
    return false;
  if (dot == 0) return false;
  const std::size_t before = text.find_last_of(" .", dot - 1);
  const std::size_t begin = before == std::string_view::npos ? 0 : before + 1;
  const std::string head = to_lower(text.substr(begin, dot - begin));
  return head == "dr" || head == "prof" || head == "med" || head == "rer" || head == "nat";
}

}  // namespace

NameWord kind_of_word(std::string_view word) {
  const std::string key = key_of(word);
  if (words().is("salutation", key)) return NameWord::kSalutation;
  if (words().is("title", key)) return NameWord::kTitle;
  const bool abbreviated = shows_abbreviation(word);
  if (words().is("suffix", key) || (abbreviated && words().is("suffix_dotted", key)))
    return NameWord::kSuffix;
  if (words().is("generation", key)) return NameWord::kGeneration;
  if (word.find('.') != std::string_view::npos && words().is("title_dotted", key))
    return NameWord::kTitle;
  if ((abbreviated || word.starts_with('(')) && words().is("title_more", key))
    return NameWord::kTitleMore;
  return NameWord::kName;
}

bool is_particle(std::string_view word) { return words().is("particle", to_lower(word)); }

std::vector<std::string> words_of_name(std::string_view text) {
  std::string spaced;
  for (std::size_t i = 0; i < text.size(); ++i) {
    spaced += text[i];
    if (text[i] == '.' && parts_at(text, i)) spaced += ' ';
  }
  std::vector<std::string> out;
  for (std::string_view rest = trim(spaced); !rest.empty(); rest = trim(rest)) {
    const std::size_t end = std::min(rest.find(' '), rest.size());
    out.emplace_back(rest.substr(0, end));
    rest.remove_prefix(end);
  }
  return out;
}

std::string join(const std::vector<std::string>& words, std::size_t begin, std::size_t end) {
  std::string out;
  for (std::size_t i = begin; i < std::min(end, words.size()); ++i) {
    if (!out.empty()) out += ' ';
    out += words[i];
  }
  return out;
}

}  // namespace baton
