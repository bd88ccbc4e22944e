#include "mapping/normalise/language.h"

#include "mapping/normalise/word_list.h"
#include "mapping/unicode.h"

namespace baton {
namespace {

constexpr std::size_t kLongestLanguage = 100;

const TextMap& language_names() {
  static const auto* const all = new TextMap(folded_names("languages.tsv"));
  return *all;
}

std::string_view find_language(std::string_view folded) {
  const auto found = language_names().find(folded);
  return found == language_names().end() ? std::string_view() : found->second;
}

}  // namespace

std::string normalise_language(std::string_view raw) {
  if (raw.size() > kLongestLanguage) return {};
  if (const std::string_view code = find_language(fold(raw)); !code.empty())
    return std::string(code);
  // A tag (BCP 47), a locale ("de_DE.UTF-8"), an Accept-Language list, "German (Germany)".
  const std::size_t cut = raw.find_first_of("-_.,;(/");
  return cut == std::string_view::npos ? std::string()
                                       : std::string(find_language(fold(raw.substr(0, cut))));
}

}  // namespace baton
