#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "mapping/json/json.h"

namespace baton::schema_words {

// Descriptions of values and types for findings, in terms of the file.

// Describes a schema type: "integer" -> "a whole number".
std::string_view words_of_type(std::string_view type);

// Returns whether the value has the schema type; 2.0 is an integer (draft-06 and later).
bool is_of_type(const json::value& v, std::string_view type);

std::string_view type_of(const json::value& v);

// Returns a text, or a list of texts, as a list; other values as JSON.
std::vector<std::string> texts(const json::value& v);

// "/clocks/0/budget" -> "budget" in quotes; "/clocks/0" -> entry 1 of "clocks"; "" -> the file.
std::string subject(std::string_view pointer);

// "mode" must be one of observe, live, not "lvie"; did you mean "live"?
std::string wrong_choice(std::string_view pointer, const json::value& value,
                         const std::vector<std::string>& choices);

// Returns whether the pattern (RE2) occurs anywhere in the value.
bool matches(std::string_view value, std::string_view pattern);

}  // namespace baton::schema_words
