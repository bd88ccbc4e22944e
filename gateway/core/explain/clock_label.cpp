#include "gateway/core/explain/clock_label.h"

#include <algorithm>

#include "gateway/core/explain/explain_words.h"

namespace baton {

std::string clock_label(const SlaPolicy& sla, std::string_view definition, const Texts& texts) {
  if (const auto* found = sla.find(definition)) {
    const auto& label = found->label.in(texts.tag());
    if (label != definition) return label;
  }
  std::string name(word(definition, texts));
  std::replace(name.begin(), name.end(), '_', ' ');
  return name;
}

}  // namespace baton
