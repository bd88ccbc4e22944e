#pragma once

#include <optional>
#include <string_view>

#include "mapping/schema/finding.h"
#include "mapping/schema/yaml.h"

namespace baton {

// Checks a document against its schema so that one slip hides no other mistake. A misspelt key is
// read as the key that was meant (and is not reported as missing too), a number in place of text as
// text, and other faulty values as absent. Appends the faults to `findings`. Returns a document
// that satisfies the schema, so that later checks can find further faults, or nothing if too little
// of it could be understood. Do not use the result as configuration: the faults are still errors.
std::optional<YamlDocument> check_and_fix(const YamlDocument& document, std::string_view kind,
                                          Findings& findings);

}  // namespace baton
