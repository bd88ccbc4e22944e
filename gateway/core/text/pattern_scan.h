#pragma once

#include <optional>
#include <string_view>

namespace baton {

// The place of a fault in a text, which ICU does not report. Places are bytes of the text.
struct PatternScan {
  std::optional<std::size_t> unclosed;       // the innermost brace without an end
  std::optional<std::size_t> without_other;  // a plural or select without a branch "other"
  std::optional<std::size_t> too_deep;       // a placeholder within kMostNested others
};

constexpr std::size_t kMostNested = 8;

// Reads braces and quotes as ICU MessageFormat does. Accepts any text.
PatternScan scan_pattern(std::string_view text);

}  // namespace baton
