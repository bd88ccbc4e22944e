#pragma once

#include <cstddef>
#include <string_view>

#include "gateway/core/explain/explain.h"

namespace baton {

// A code and what it is called in each language.
struct ExplainEntry {
  std::string_view code, en, de;
};

template <std::size_t N>
std::string_view look_up(const ExplainEntry (&table)[N], std::string_view code, Language language,
                         std::string_view fallback) {
  for (const auto& entry : table) {
    if (entry.code == code) return language == Language::kGerman ? entry.de : entry.en;
  }
  return fallback;
}

}  // namespace baton
