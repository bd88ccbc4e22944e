#include "mapping/json_text.h"

#include <array>
#include <charconv>

namespace baton {
namespace {

constexpr std::string_view kHex = "0123456789abcdef";

template <class Number>
void append(std::string& out, Number number) {
  std::array<char, 20> digits{};
  const auto end = std::to_chars(digits.data(), digits.data() + digits.size(), number).ptr;
  out.append(digits.data(), end);
}

// How many characters from the beginning need no escape.
std::size_t plain_length(std::string_view text) {
  std::size_t i = 0;
  while (i < text.size() && static_cast<unsigned char>(text[i]) >= 0x20 && text[i] != '"' && text[i] != '\\') ++i;
  return i;
}

void append_escape(std::string& out, char c) {
  out += '\\';
  switch (c) {
    case '"':
    case '\\': out += c; return;
    case '\b': out += 'b'; return;
    case '\f': out += 'f'; return;
    case '\n': out += 'n'; return;
    case '\r': out += 'r'; return;
    case '\t': out += 't'; return;
    default: out += "u00"; out += kHex[static_cast<unsigned char>(c) >> 4]; out += kHex[c & 15];
  }
}

}  // namespace

void append_number(std::string& out, std::int64_t number) { append(out, number); }
void append_number(std::string& out, std::uint64_t number) { append(out, number); }

void append_escaped(std::string& out, std::string_view text) {
  for (;;) {
    const auto length = plain_length(text);
    out.append(text.data(), length);
    if (length == text.size()) return;
    append_escape(out, text[length]);
    text.remove_prefix(length + 1);
  }
}

void append_quoted(std::string& out, std::string_view text) {
  out += '"';
  append_escaped(out, text);
  out += '"';
}

void append_quoted(std::string& out, Instant at) {
  out += '"';
  append_rfc3339(out, at);
  out += '"';
}

}  // namespace baton
