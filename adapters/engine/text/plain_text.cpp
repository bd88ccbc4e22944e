#include "adapters/engine/text/plain_text.h"

#include <algorithm>
#include <cstdint>

#include "mapping/unicode.h"

namespace baton {
namespace {

constexpr std::string_view kNothing = "\u200b";  // zero-width space

bool is_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }
bool is_word(char c) {
  return is_letter(c) || (c >= '0' && c <= '9') || static_cast<unsigned char>(c) >= 0x80;
}

bool same_word(std::string_view text, std::string_view lower) {
  return text.size() == lower.size() &&
         std::equal(text.begin(), text.end(), lower.begin(), [](char a, char b) {
           return (a >= 'A' && a <= 'Z' ? static_cast<char>(a + 32) : a) == b;
         });
}

// Length of the UTF-8 sequence at the front; the text is UTF-8.
std::size_t sequence(unsigned char first) {
  return first < 0x80 ? 1 : first < 0xE0 ? 2 : first < 0xF0 ? 3 : 4;
}

std::uint32_t code_point(std::string_view sequence) {
  auto value = static_cast<std::uint32_t>(static_cast<unsigned char>(sequence[0]));
  if (sequence.size() > 1) value &= 0xFFU >> (sequence.size() + 1);
  for (std::size_t i = 1; i < sequence.size(); ++i)
    value = (value << 6) | (static_cast<unsigned char>(sequence[i]) & 0x3FU);
  return value;
}

// Controls, line and paragraph separators, and everything that changes the direction of the text.
bool is_control(std::uint32_t c) {
  return c < 0x20 || (c >= 0x7F && c < 0xA0) || c == 0x2028 || c == 0x2029 || c == 0x200E ||
         c == 0x200F || c == 0x061C || (c >= 0x202A && c <= 0x202E) ||
         (c >= 0x2066 && c <= 0x2069) || c == 0xFEFF || (c >= 0xFFF9 && c <= 0xFFFB) ||
         (c >= 0xE0000 && c <= 0xE007F);
}

// Returns whether a host name may continue at the dot: "beispiel.com", not "z.B." nor "Nr. 5".
bool joins_host(std::string_view text, std::size_t dot) {
  if (dot == 0 || !is_word(text[dot - 1])) return false;
  const auto rest = text.substr(dot + 1);
  return rest.size() >= 2 && (is_letter(rest[0]) || static_cast<unsigned char>(rest[0]) >= 0x80) &&
         is_word(rest[1]);
}

// An address has text before its only '@' and a complete host name after it.
bool in_address(std::string_view text, std::size_t dot) {
  constexpr std::string_view kEnds = " \t\n/,;:()<>\"'`|*[]{}";
  const auto before = text.find_last_of(kEnds, dot);
  const auto begin = before == std::string_view::npos ? 0 : before + 1;
  const auto word =
      text.substr(begin, std::min(text.find_first_of(kEnds, dot), text.size()) - begin);
  const auto at = word.find('@');
  if (at == std::string_view::npos || at == 0) return false;
  const auto host = word.substr(at + 1);
  const auto ascii_word = [](char c) { return is_word(c) && static_cast<unsigned char>(c) < 0x80; };
  const bool is_host = std::all_of(host.begin(), host.end(),
                                   [&](char c) { return ascii_word(c) || c == '.' || c == '-'; });
  const auto point = host.find('.');
  return ascii_word(word[at - 1]) && is_host && point != std::string_view::npos &&
         joins_host(host, point);
}

}  // namespace

std::string plain_text(std::string_view text, bool lines) {
  const std::string checked = is_utf8(text) ? std::string(text) : as_utf8(text);
  std::string out;
  out.reserve(checked.size());
  for (std::size_t i = 0; i < checked.size();) {
    const auto piece =
        std::string_view(checked).substr(i, sequence(static_cast<unsigned char>(checked[i])));
    i += piece.size();
    if (piece == "\r" && lines) continue;
    if (!is_control(code_point(piece)) || (lines && piece == "\n"))
      out += piece;
    else
      out += ' ';
  }
  return out;
}

std::string without_links(std::string_view text) {
  std::string out;
  out.reserve(text.size() + 8);
  for (std::size_t i = 0; i < text.size(); ++i) {
    const bool www = text[i] == '.' && i >= 3 && same_word(text.substr(i - 3, 3), "www");
    if ((www || (text[i] == '.' && joins_host(text, i))) && !in_address(text, i)) out += kNothing;
    out += text[i];
    if (text[i] == ':' && text.substr(i + 1).starts_with("//")) out += kNothing;
  }
  return out;
}

std::string safe_url(std::string_view url) {
  const auto lower_starts = [&](std::string_view scheme) {
    return url.size() > scheme.size() && same_word(url.substr(0, scheme.size()), scheme);
  };
  if (lower_starts("tel:")) {
    std::string number = "tel:";
    for (const char c : url.substr(4)) {
      if ((c >= '0' && c <= '9') || (c == '+' && number.size() == 4)) number += c;
    }
    return number.size() > 5 ? number : "";
  }
  if (!lower_starts("https://") && !lower_starts("http://")) return {};
  const bool clean = std::all_of(url.begin(), url.end(), [](char c) {
    return c > 0x20 && c < 0x7F &&
           std::string_view("<>\"'`|\\^{}()[]*").find(c) == std::string_view::npos;
  });
  return clean ? std::string(url) : std::string();
}

std::string shortened(std::string_view text, std::size_t bytes) {
  if (text.size() <= bytes) return std::string(text);
  std::size_t end = bytes;
  while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xC0) == 0x80) --end;
  return std::string(text.substr(0, end)) + "…";
}

}  // namespace baton
