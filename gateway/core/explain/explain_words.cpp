#include "gateway/core/explain/explain_words.h"

namespace baton {

std::string_view word(std::string_view code, const Texts& texts) {
  const auto found = texts.text({"word.", code});
  return found.empty() ? code : found;
}

}  // namespace baton
