#include "gateway/core/explain/clock_label.h"

#include <algorithm>

#include "gateway/core/explain/explain_words.h"

namespace baton {

std::string clock_label(const SlaPolicy& sla, std::string_view definition, Language language) {
  if (const auto* found = sla.find(definition)) {
    const auto& label = language == Language::kGerman ? found->label_de : found->label_en;
    if (label != definition) return label;
  }
  std::string name(word(definition, language));
  std::replace(name.begin(), name.end(), '_', ' ');
  return name;
}

}  // namespace baton
