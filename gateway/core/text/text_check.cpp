#include "gateway/core/text/text_check.h"

#include <cstdint>

#include <fmt/format.h>

#include "mapping/unicode.h"

namespace baton {
namespace {

// C0 and C1, the marks that embed or override a direction, and the byte order mark.
bool is_control(std::int32_t c) {
  return c < 0x20 || (c >= 0x7F && c < 0xA0) || (c >= 0x202A && c <= 0x202E) ||
         (c >= 0x2066 && c <= 0x2069) || c == 0xFEFF;
}

// The code point at `i` of a text in UTF-8; `i` moves to the next one.
std::int32_t next_character(std::string_view text, std::size_t& i) {
  const auto first = static_cast<unsigned char>(text[i++]);
  const int more = first < 0xC0 ? 0 : first < 0xE0 ? 1 : first < 0xF0 ? 2 : 3;
  std::int32_t c = more == 0 ? first : first & (0x3F >> more);
  for (int n = 0; n < more && i < text.size(); ++n)
    c = (c << 6) | (static_cast<unsigned char>(text[i++]) & 0x3F);
  return c;
}

std::optional<TextFault> control_fault(std::string_view text) {
  std::size_t character = 1;
  for (std::size_t i = 0; i < text.size(); ++character) {
    const auto c = next_character(text, i);
    if (!is_control(c)) continue;
    const auto* advice = c == '\n' ? "write the text in one line" : "remove it";
    return TextFault{"texts.control_character",
                     fmt::format("the text contains the control character U+{:04X} (at character "
                                 "{}); {}",
                                 c, character, advice)};
  }
  return std::nullopt;
}

}  // namespace

bool is_blank_text(std::string_view text) { return tidy(text).empty(); }

std::optional<TextFault> text_fault(std::string_view text) {
  const auto length = count_characters(text);
  if (length > kLongestText)
    return TextFault{"texts.too_long", fmt::format("the text has {} characters; at most {} are "
                                                   "allowed",
                                                   length, kLongestText)};
  if (auto fault = control_fault(text)) return fault;
  if (is_blank_text(text))
    return TextFault{"texts.empty",
                     "the text is empty; write one, or remove the key to keep the built-in text"};
  return std::nullopt;
}

}  // namespace baton
