#pragma once

#include <optional>
#include <string_view>

#include "mapping/json/json.h"

namespace baton {

enum class BodyFormat { kJson, kForm };

// Returns the format that a content type names: application/json, any +json, text/json; or
// application/x-www-form-urlencoded. Ignores parameters and case.
std::optional<BodyFormat> format_of(std::string_view content_type);

// Parses application/x-www-form-urlencoded with brackets as objects and arrays: "contact[email]=a",
// "list[]=1", "list[0]=1". A repeated name becomes an array. Refuses invalid UTF-8, invalid
// percent-encoding, more than 2,000 fields and more than 16 levels.
Result<json::value> parse_form(std::string_view body);

// Decodes a body with the limits of parse_json: 64 levels, valid UTF-8 only.
Result<json::value> decode_body(BodyFormat format, std::string_view body,
                                json::storage_ptr storage = {});

}  // namespace baton
