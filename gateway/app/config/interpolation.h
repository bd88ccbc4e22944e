#pragma once

#include <string>
#include <vector>

#include "mapping/schema/finding.h"
#include "mapping/schema/yaml.h"

namespace baton {

// Replaces ${env:NAME}, ${env:NAME:-default} and ${file:PATH} in scalar values, after parsing. The
// replacement is always one text value and can never become structure. Files are relative to
// `folder`; a trailing line break is removed. A missing variable or file is a finding
// (config.missing_value).
//
// Returns the pointers of the values from outside; they are shown as <secret>.
std::vector<std::string> substitute_values(YamlDocument& document, const std::string& folder,
                                           Findings& findings);

}  // namespace baton
