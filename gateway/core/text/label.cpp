#include "gateway/core/text/label.h"

namespace baton {

Label::Label(std::string english) { set("en", std::move(english)); }

void Label::set(std::string_view language, std::string text) {
  texts_.insert_or_assign(std::string(language), std::move(text));
}

const std::string& Label::in(std::string_view language) const {
  static const std::string none;
  auto found = texts_.find(language);
  if (found == texts_.end()) found = texts_.find("en");
  return found == texts_.end() ? none : found->second;
}

}  // namespace baton
