#include "mapping/normalise/country.h"

#include "mapping/normalise/word_list.h"
#include "mapping/unicode.h"

namespace baton {
namespace {

constexpr std::size_t kLongestName = 100;

const TextMap& names() {
  static const auto* const all = new TextMap(folded_names("countries.tsv"));
  return *all;
}

std::string_view find(std::string_view folded) {
  const auto found = names().find(folded);
  return found == names().end() ? std::string_view() : found->second;
}

}  // namespace

std::string normalise_country(std::string_view raw) {
  if (raw.size() > kLongestName) return {};
  if (const std::string_view code = find(fold(raw)); !code.empty()) return std::string(code);
  // "Germany (DE)", "Deutschland / Germany": the first part is enough.
  const std::size_t cut = raw.find_first_of("(/,|");
  return cut == std::string_view::npos ? std::string()
                                       : std::string(find(fold(raw.substr(0, cut))));
}

}  // namespace baton
