#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "mapping/schema/finding.h"
#include "mapping/schema/yaml.h"

namespace baton {

// Checks a document against an embedded JSON Schema (draft-07, docs/reference/schema/<kind>.json)
// and describes every fault in terms of the file: unknown keys with the nearest known one, missing
// keys, wrong types, values out of range or not among the choices. Codes: config.unknown_key,
// config.missing_key, config.wrong_type, config.bad_value.
Findings check_schema(const YamlDocument& document, std::string_view kind);

// Return the schema text of a kind, empty if it is unknown; and the known kinds, sorted.
std::string_view schema_text(std::string_view kind);
std::vector<std::string> schema_kinds();

// Returns the candidate nearest to `word` by edit distance if it is near enough, otherwise "".
std::string did_you_mean(std::string_view word, const std::vector<std::string>& candidates);

}  // namespace baton
