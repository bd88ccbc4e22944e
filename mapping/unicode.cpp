#include "mapping/unicode.h"

#include <algorithm>

#include <unicode/locid.h>
#include <unicode/normalizer2.h>
#include <unicode/uchar.h>
#include <unicode/unistr.h>
#include <unicode/utf8.h>

namespace baton {
namespace {

constexpr bool is_blank(char c) { return c == ' ' || (c >= '\t' && c <= '\r'); }
constexpr bool is_upper(char c) { return c >= 'A' && c <= 'Z'; }
constexpr bool is_lower(char c) { return c >= 'a' && c <= 'z'; }
constexpr bool is_digit(char c) { return c >= '0' && c <= '9'; }
constexpr char lower_char(char c) { return is_upper(c) ? static_cast<char>(c + 32) : c; }
constexpr char upper(char c) { return is_lower(c) ? static_cast<char>(c - 32) : c; }

// ICU's instances are shared, immutable and live as long as the program.
const icu::Normalizer2& nfc() {
  static const icu::Normalizer2* const instance = [] {
    UErrorCode status = U_ZERO_ERROR;
    return icu::Normalizer2::getNFCInstance(status);
  }();
  return *instance;
}

const icu::Normalizer2& nfkc() {
  static const icu::Normalizer2* const instance = [] {
    UErrorCode status = U_ZERO_ERROR;
    return icu::Normalizer2::getNFKCInstance(status);
  }();
  return *instance;
}

const icu::Normalizer2& nfkd() {
  static const icu::Normalizer2* const instance = [] {
    UErrorCode status = U_ZERO_ERROR;
    return icu::Normalizer2::getNFKDInstance(status);
  }();
  return *instance;
}

#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wconversion"  // inside ICU's macro
// Returns the next code point, negative if the bytes are not UTF-8.
UChar32 next_character(std::string_view text, std::int32_t& i) {
  UChar32 c = 0;
  U8_NEXT(text.data(), i, static_cast<std::int32_t>(text.size()), c);
  return c;
}
#pragma GCC diagnostic pop

icu::UnicodeString decode(std::string_view text) {
  return icu::UnicodeString::fromUTF8({text.data(), static_cast<std::int32_t>(text.size())});
}

std::string encode(const icu::UnicodeString& text) {
  std::string out;
  text.toUTF8String(out);
  return out;
}

icu::UnicodeString normalised(const icu::Normalizer2& form, const icu::UnicodeString& text) {
  UErrorCode status = U_ZERO_ERROR;
  icu::UnicodeString out = form.normalize(text, status);
  return U_SUCCESS(status) ? out : text;
}

icu::UnicodeString composed(const icu::UnicodeString& text) { return normalised(nfc(), text); }

template <class Visit>
void each_character(const icu::UnicodeString& text, Visit visit) {
  for (std::int32_t i = 0; i < text.length();) {
    const UChar32 c = text.char32At(i);
    i += U16_LENGTH(c);
    visit(c);
  }
}

bool is_invisible(UChar32 c) {
  const auto type = u_charType(c);
  return type == U_CONTROL_CHAR || type == U_FORMAT_CHAR || type == U_SURROGATE ||
         type == U_UNASSIGNED || type == U_PRIVATE_USE_CHAR;
}

std::string tidy_ascii(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  for (const char c : text) {
    if (is_blank(c)) {
      if (!out.empty() && out.back() != ' ') out += ' ';
    } else if (c > ' ' && c < 0x7F) {
      out += c;
    }
  }
  if (!out.empty() && out.back() == ' ') out.pop_back();
  return out;
}

bool starts_word(char before) {
  return before == ' ' || before == '-' || before == '\'' || before == '.';
}

void append_folded(UChar32 c, icu::UnicodeString& out) {
  switch (c) {
    case 0xE4:
      out += "ae";
      return;
    case 0xF6:
    case 0xF8:
    case 0x153:
      out += "oe";
      return;
    case 0xFC:
      out += "ue";
      return;
    case 0xDF:
      out += "ss";
      return;
    case 0xE6:
      out += "ae";
      return;
    case 0xF0:
    case 0x111:
      out += "d";
      return;
    case 0xFE:
      out += "th";
      return;
    case 0x142:
      out += "l";
      return;
    case 0x131:
      out += "i";
      return;
    default:
      out.append(c);
  }
}

// Keeps letters, digits and the signs that carry meaning in company names. A full stop after a
// single letter or at the end of a word joins ("S.p.A." is one word); elsewhere it separates
// ("Co.KG" is two words).
class WordKeeper {
 public:
  explicit WordKeeper(std::size_t size) { out_.reserve(size + 4); }

  void letter(char c) {
    out_ += c;
    ++segment_;
  }
  void blank() {
    if (!out_.empty() && out_.back() != ' ') out_ += ' ';
    segment_ = 0;
  }
  void full_stop(bool word_goes_on) {
    if (segment_ > 1 && word_goes_on) blank();
    segment_ = 0;
  }
  std::string take() {
    if (!out_.empty() && out_.back() == ' ') out_.pop_back();
    return std::move(out_);
  }

 private:
  std::string out_;
  int segment_ = 0;  // letters since the last space or full stop
};

bool is_word(char c) {
  return is_upper(c) || is_lower(c) || is_digit(c) || static_cast<signed char>(c) < 0;
}

std::string keep_words(std::string_view text) {
  WordKeeper out(text.size());
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (is_word(c) || c == '+') {
      out.letter(lower_char(c));
    } else if (c == '&') {
      out.blank();
      out.letter(c);
      out.blank();
    } else if (c == '.') {
      out.full_stop(i + 1 < text.size() && is_word(text[i + 1]));
    } else if (c != '\'') {
      out.blank();
    }
  }
  return out.take();
}

// Letters and digits of other scripts stay, marks are removed, other signs become a space.
icu::UnicodeString without_signs(const icu::UnicodeString& text) {
  icu::UnicodeString out;
  each_character(text, [&](UChar32 c) {
    const auto type = u_charType(c);
    if (c < 0x80 || u_isalnum(c))
      append_folded(c, out);  // again: "ǣ" lost its mark only now
    else if (type != U_NON_SPACING_MARK && c != 0x2019)
      out.append(static_cast<UChar32>(' '));
  });
  return out;
}

}  // namespace

bool is_ascii(std::string_view text) {
  return std::all_of(text.begin(), text.end(),
                     [](char c) { return static_cast<signed char>(c) >= 0; });
}

std::string_view utf8_prefix(std::string_view text) {
  const auto size = static_cast<std::int32_t>(text.size());
  for (std::int32_t i = 0; i < size;) {
    const auto begin = i;
    if (next_character(text, i) < 0) return text.substr(0, static_cast<std::size_t>(begin));
  }
  return text;
}

bool is_utf8(std::string_view text) { return utf8_prefix(text).size() == text.size(); }

std::string as_utf8(std::string_view text) {
  if (is_utf8(text)) return std::string(text);
  std::string out;
  for (const unsigned char c : text) {
    if (c < 0x80) {
      out += static_cast<char>(c);
    } else {
      out += static_cast<char>(0xC0 | (c >> 6));
      out += static_cast<char>(0x80 | (c & 0x3F));
    }
  }
  return out;
}

std::size_t count_characters(std::string_view text) {
  return static_cast<std::size_t>(
      std::count_if(text.begin(), text.end(), [](char c) { return (c & 0xC0) != 0x80; }));
}

std::string tidy(std::string_view text) {
  if (is_ascii(text)) return tidy_ascii(text);
  icu::UnicodeString out;
  each_character(decode(text), [&](UChar32 c) {
    if (u_isUWhiteSpace(c)) {
      if (!out.isEmpty() && out.charAt(out.length() - 1) != ' ')
        out.append(static_cast<UChar32>(' '));
    } else if (!is_invisible(c)) {
      out.append(c);
    }
  });
  return encode(composed(out.trim()));
}

std::string to_lower(std::string_view text) {
  if (is_ascii(text)) {
    std::string out(text);
    std::transform(out.begin(), out.end(), out.begin(), lower_char);
    return out;
  }
  return encode(composed(composed(decode(text)).toLower(icu::Locale::getRoot())));
}

std::string to_upper(std::string_view text) {
  if (is_ascii(text)) {
    std::string out(text);
    std::transform(out.begin(), out.end(), out.begin(), upper);
    return out;
  }
  return encode(composed(composed(decode(text)).toUpper(icu::Locale::getRoot())));
}

std::string fold(std::string_view text) {
  if (is_ascii(text)) return keep_words(text);
  icu::UnicodeString spelled;
  each_character(normalised(nfkc(), decode(text)).toLower(icu::Locale::getRoot()),
                 [&](UChar32 c) { append_folded(c, spelled); });
  const icu::UnicodeString plain = normalised(nfkd(), spelled);
  return keep_words(encode(without_signs(plain)));
}

std::string capitalise(std::string_view text) {
  if (is_ascii(text)) {
    std::string out(text);
    char before = ' ';
    for (char& c : out) {
      c = starts_word(before) ? upper(c) : lower_char(c);
      before = c;
    }
    return out;
  }
  icu::UnicodeString out;
  UChar32 before = ' ';
  each_character(composed(decode(text)).toLower(icu::Locale::getRoot()), [&](UChar32 c) {
    const bool start =
        before == 0x2019 || (before < 0x80 && starts_word(static_cast<char>(before)));
    out.append(start ? u_totitle(c) : c);
    before = c;
  });
  return encode(composed(out));
}

LetterCase letter_case(std::string_view text) {
  bool has_lower = false;
  bool has_upper = false;
  const auto size = static_cast<std::int32_t>(text.size());
  for (std::int32_t i = 0; i < size;) {
    const UChar32 c = next_character(text, i);
    if (c < 0) continue;
    has_lower = has_lower || u_isULowercase(c);
    has_upper = has_upper || u_isUUppercase(c);
  }
  if (has_lower && has_upper) return LetterCase::kMixed;
  if (has_lower) return LetterCase::kLower;
  return has_upper ? LetterCase::kUpper : LetterCase::kNone;
}

bool has_letter_or_digit(std::string_view text) {
  const auto size = static_cast<std::int32_t>(text.size());
  for (std::int32_t i = 0; i < size;) {
    const UChar32 c = next_character(text, i);
    if (c >= 0 && u_isalnum(c)) return true;
  }
  return false;
}

std::string_view trim(std::string_view text) {
  while (!text.empty() && is_blank(text.front())) text.remove_prefix(1);
  while (!text.empty() && is_blank(text.back())) text.remove_suffix(1);
  return text;
}

}  // namespace baton
