#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "mapping/schema/finding.h"
#include "mapping/schema/yaml.h"

namespace baton {

// Checks a document against one of the embedded JSON Schemas (draft-07,
// docs/reference/schema/<kind>.json) and says what is wrong in words of the file: unknown keys with
// the nearest known one, missing keys, wrong types, values out of range or not among the choices,
// all of them at once. Codes: config.unknown_key, config.missing_key, config.wrong_type,
// config.bad_value.
Findings check_schema(const YamlDocument& document, std::string_view kind);

// The schema text of a kind, empty where there is none; and the kinds there are, sorted.
std::string_view schema_text(std::string_view kind);
std::vector<std::string> schema_kinds();

// The candidate nearest to `word` by edit distance, where one is near enough to be meant; else "".
std::string did_you_mean(std::string_view word, const std::vector<std::string>& candidates);

}  // namespace baton
