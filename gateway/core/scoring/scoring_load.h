#pragma once

#include <memory>

#include "gateway/core/scoring/scoring_policy.h"
#include "mapping/schema/finding.h"
#include "mapping/schema/yaml.h"

namespace baton {

// Compiles a document that has passed check_schema(document, "scoring"). Returns null if it adds an
// error.
std::shared_ptr<const ScoringPolicy> load_scoring(const YamlDocument& yaml, Findings& findings);

}  // namespace baton
