#pragma once

#include <optional>
#include <string_view>

#include "mapping/schema/finding.h"
#include "mapping/schema/yaml.h"

namespace baton {

// Checks a document against its schema, so that a slip hides no other mistake: a misspelt key is
// read as the one meant (and then does not count as missing too), a number where text belongs as
// text, and other faulty values as left out. Appends the faults; answers a document that keeps the
// schema, for a look at what else is wrong with it, or nothing where too little of it could be
// understood. It is not for use: the faults are errors still.
std::optional<YamlDocument> check_and_mend(const YamlDocument& document, std::string_view kind,
                                           Findings& findings);

}  // namespace baton
