#pragma once

#include <string>
#include <string_view>

namespace baton {

// Text in UTF-8. Everything here has a fast path for ASCII, is total (bytes that are no UTF-8
// become U+FFFD) and may be called from any thread.

bool is_ascii(std::string_view text);
bool is_utf8(std::string_view text);

// The text itself where it is UTF-8, else each byte as the character of ISO 8859-1 that it is: what
// an HTTP header field may hold (RFC 9110 5.5). No two texts become one.
std::string as_utf8(std::string_view text);

// Length in code points.
std::size_t count_characters(std::string_view text);

// NFC, blanks of all kinds folded to single spaces, none at the ends; control and invisible
// characters (joiners, direction marks, byte order marks) taken out.
std::string tidy(std::string_view text);

std::string to_lower(std::string_view text);  // NFC, without locale
std::string to_upper(std::string_view text);

// For comparing names: lower case, a-umlaut -> ae, sharp s -> ss, other marks dropped, letters
// and digits kept, '&' and '+' kept, everything else one space. "Müller & Söhne" -> "mueller &
// soehne".
std::string fold(std::string_view text);

// Lower case with a capital after each start, blank, hyphen and apostrophe.
std::string capitalise(std::string_view text);

enum class LetterCase { kNone, kLower, kUpper, kMixed };

// The case of the letters that have one; kNone where no letter does.
LetterCase letter_case(std::string_view text);

// Whether there is any letter or digit.
bool has_letter_or_digit(std::string_view text);

// The edges without ASCII blanks.
std::string_view trim(std::string_view text);

}  // namespace baton
