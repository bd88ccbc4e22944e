#pragma once

#include <string>
#include <string_view>

namespace baton {

// Text in UTF-8. All functions have a fast path for ASCII, accept any bytes (invalid UTF-8 becomes
// U+FFFD) and are thread-safe.

bool is_ascii(std::string_view text);
bool is_utf8(std::string_view text);
// Returns the bytes before the first that is not UTF-8.
std::string_view utf8_prefix(std::string_view text);

// Returns the text unchanged if it is UTF-8, otherwise reads each byte as a character of ISO
// 8859-1, which an HTTP header field may contain (RFC 9110 5.5). Different texts stay different.
std::string as_utf8(std::string_view text);

// Length in code points.
std::size_t count_characters(std::string_view text);

// Returns the text in NFC. Whitespace of all kinds becomes single spaces, none at the ends; control
// and invisible characters (joiners, direction marks, byte order marks) are removed.
std::string tidy(std::string_view text);

std::string to_lower(std::string_view text);  // NFC, without locale
std::string to_upper(std::string_view text);

// Folds a text for comparing names: lower case, a-umlaut -> ae, sharp s -> ss, other marks dropped.
// Letters, digits, '&' and '+' stay; everything else becomes one space. "Müller & Söhne" ->
// "mueller & soehne".
std::string fold(std::string_view text);

// Returns lower case with a capital at the start and after each space, hyphen and apostrophe.
std::string capitalise(std::string_view text);

enum class LetterCase { kNone, kLower, kUpper, kMixed };

// Returns the case of the letters that have one; kNone if no letter does.
LetterCase letter_case(std::string_view text);

// Returns whether the text contains a letter or digit.
bool has_letter_or_digit(std::string_view text);

// Removes ASCII whitespace at both ends.
std::string_view trim(std::string_view text);

}  // namespace baton
