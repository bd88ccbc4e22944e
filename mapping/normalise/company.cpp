#include "mapping/normalise/company.h"

#include <algorithm>

#include "mapping/normalise/word_list.h"
#include "mapping/unicode.h"

namespace baton {
namespace {

constexpr std::size_t kLongestCompany = 400;

const TextMap& legal_forms() {
  static const auto* const all = new TextMap(folded_names("legal_forms.tsv"));
  return *all;
}

// Returns where the longest legal form at the end of the folded name begins; npos if there is none.
std::size_t find_legal_form(std::string_view folded) {
  std::size_t found = std::string_view::npos;
  for (std::size_t at = folded.size(); at != std::string_view::npos && at > 0;) {
    const std::size_t blank = folded.rfind(' ', at - 1);
    const std::size_t begin = blank == std::string_view::npos ? 0 : blank + 1;
    if (legal_forms().contains(folded.substr(begin))) found = begin;
    at = blank;
  }
  return found;
}

// Tidying may lengthen a text, so it is truncated afterwards, between two characters.
std::string_view shortened(std::string_view text) {
  if (text.size() <= kLongestCompany) return text;
  std::size_t end = kLongestCompany;
  while (end > 0 && (text[end] & 0xC0) == 0x80) --end;
  return trim(text.substr(0, end));
}

std::string_view without_quotes(std::string_view text) {
  while (text.size() > 1 && text.front() == '"' && text.back() == '"')
    text = trim(text.substr(1, text.size() - 2));
  return text;
}

// "mueller & soehne", "mueller und soehne" and "mueller + soehne" are one name.
std::string without_and(std::string_view folded) {
  std::string out;
  while (!folded.empty()) {
    const std::size_t end = std::min(folded.find(' '), folded.size());
    const std::string_view word = folded.substr(0, end);
    if (word != "&" && word != "+" && word != "und" && word != "and") {
      if (!out.empty()) out += ' ';
      out += word;
    }
    folded.remove_prefix(std::min(end + 1, folded.size()));
  }
  return out.empty() ? std::string(folded) : out;
}

}  // namespace

Company normalise_company(std::string_view raw) {
  Company company;
  const std::string tidied = tidy(raw.substr(0, 4 * kLongestCompany));
  company.name = without_quotes(shortened(tidied));
  if (!has_letter_or_digit(company.name)) return {};
  const std::string folded = fold(company.name);
  const std::size_t form = find_legal_form(folded);
  if (form != std::string::npos)
    company.legal_form = legal_forms().find(std::string_view(folded).substr(form))->second;
  company.match_key = without_and(std::string_view(folded).substr(0, form));
  if (company.match_key.empty()) company.match_key = folded;
  return company;
}

}  // namespace baton
