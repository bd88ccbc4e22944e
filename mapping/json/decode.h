#pragma once

#include <optional>
#include <string_view>

#include "mapping/json/json.h"

namespace baton {

enum class BodyFormat { kJson, kForm };

// The format a content type names: application/json, any +json, text/json; or
// application/x-www-form-urlencoded. Parameters and case do not matter.
std::optional<BodyFormat> format_of(std::string_view content_type);

// application/x-www-form-urlencoded with brackets as objects and arrays: "contact[email]=a",
// "list[]=1", "list[0]=1". A name given twice becomes an array. Refuses invalid UTF-8, broken
// percent codes, more than 2,000 fields and more than 16 levels.
Result<json::value> parse_form(std::string_view body);

// With the limits of parse_json: 64 levels, valid UTF-8 only.
Result<json::value> decode_body(BodyFormat format, std::string_view body,
                                json::storage_ptr storage = {});

}  // namespace baton
