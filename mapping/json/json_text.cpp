#include "mapping/json/json_text.h"

#include <algorithm>
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

bool is_plain(char c) { return static_cast<unsigned char>(c) >= 0x20 && c != '"' && c != '\\'; }

constexpr std::uint64_t every(unsigned char byte) { return 0x0101010101010101ULL * byte; }

// Returns whether none of eight characters needs an escape. `(x - n) & ~x` sets the high bit of
// each byte of x that is less than n (n at most 0x80). A borrow only sets further bits above such a
// byte.
bool are_plain(std::uint64_t eight) {
  const auto quote = eight ^ every('"'), backslash = eight ^ every('\\');
  const auto control = (eight - every(0x20)) & ~eight;
  return ((control | ((quote - every(1)) & ~quote) | ((backslash - every(1)) & ~backslash)) &
          every(0x80)) == 0;
}

// Copies a text that needs no escape, as most do; returns false if one does.
bool copy_plain(char* to, std::string_view text) {
  if (text.size() < sizeof(std::uint64_t)) {
    for (const char c : text) {
      if (!is_plain(c)) return false;
      *to++ = c;
    }
    return true;
  }
  const auto copy_word = [&](std::size_t at) {
    std::uint64_t word;
    std::memcpy(&word, text.data() + at, sizeof word);
    std::memcpy(to + at, &word, sizeof word);
    return are_plain(word);
  };
  const std::size_t last =
      text.size() - sizeof(std::uint64_t);  // of the last word, which may overlap the previous one
  for (std::size_t at = 0; at < last; at += sizeof(std::uint64_t)) {
    if (!copy_word(at)) return false;
  }
  return copy_word(last);
}

// Writes the escape of a character and returns the end of what was written.
char* write_escape(char* to, char c) {
  *to++ = '\\';
  switch (c) {
    case '"':
    case '\\':
      *to++ = c;
      return to;
    case '\b':
      *to++ = 'b';
      return to;
    case '\f':
      *to++ = 'f';
      return to;
    case '\n':
      *to++ = 'n';
      return to;
    case '\r':
      *to++ = 'r';
      return to;
    case '\t':
      *to++ = 't';
      return to;
    default:
      break;
  }
  for (const char digit : {'u', '0', '0', kHex[static_cast<unsigned char>(c) >> 4], kHex[c & 15]})
    *to++ = digit;
  return to;
}

}  // namespace

void append_number(std::string& out, std::int64_t number) { append(out, number); }
void append_number(std::string& out, std::uint64_t number) { append(out, number); }

void append_escaped(std::string& out, std::string_view text) {
  TextTail(out, text.size()).put_escaped(text);
}

TextTail& TextTail::put_escaped(std::string_view text) {
  if (copy_plain(at_, text)) {
    at_ += text.size();
  } else {
    put_escapes(text);
  }
  return *this;
}

void TextTail::put_escapes(std::string_view text) {
  constexpr std::size_t kLongest = 5;  // in addition to the character itself
  const auto escapes = static_cast<std::size_t>(
      std::count_if(text.begin(), text.end(), [](char c) { return !is_plain(c); }));
  const auto written = at_ - text_.data();
  text_.resize(text_.size() + kLongest * escapes);
  at_ = text_.data() + written;
  for (const char c : text) {
    if (is_plain(c)) {
      *at_++ = c;
    } else {
      at_ = write_escape(at_, c);
    }
  }
}

void append_quoted(std::string& out, std::string_view text) {
  out += '"';
  append_escaped(out, text);
  out += '"';
}

void append_quoted(std::string& out, Instant at) {
  TextTail(out, TextTail::kInstant + 2).put('"').put_instant(at).put('"');
}

}  // namespace baton
