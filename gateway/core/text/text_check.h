#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace baton {

// Longest text that a deployment may write, in characters.
constexpr std::size_t kLongestText = 1000;

// Why a text cannot be shown.
struct TextFault {
  std::string code;  // of a finding
  std::string message;
};

// Looks at the characters of a text: none, too many, or one that controls a terminal or the
// direction of other texts.
std::optional<TextFault> text_fault(std::string_view text);

// Whether a reader sees nothing: no characters, or spaces and invisible ones only.
bool is_blank_text(std::string_view text);

}  // namespace baton
