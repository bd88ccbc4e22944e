#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "mapping/json/json.h"

namespace baton::schema_words {

// What the schema checker says of values and types, in words of the file.

// A schema's name of a type in words: "integer" -> "a whole number".
std::string_view words_of_type(std::string_view type);

// Whether the value is of the schema's type; 2.0 is an integer (draft-06 and later).
bool is_of_type(const json::value& v, std::string_view type);

std::string_view type_of(const json::value& v);

// A text, or a list of them, as a list; other values as JSON.
std::vector<std::string> texts(const json::value& v);

// "/clocks/0/budget" -> "budget" in quotes; "/clocks/0" -> entry 1 of "clocks"; "" -> the file.
std::string subject(std::string_view pointer);

// "mode" must be one of observe, live, not "lvie"; did you mean "live"?
std::string wrong_choice(std::string_view pointer, const json::value& value,
                         const std::vector<std::string>& choices);

// Whether the pattern (RE2) is found anywhere in the value.
bool matches(std::string_view value, std::string_view pattern);

}  // namespace baton::schema_words
