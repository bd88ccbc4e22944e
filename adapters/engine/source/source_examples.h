#pragma once

#include <cstddef>

#include "mapping/schema/yaml.h"

namespace baton {

// Runs the examples of a source spec; every difference is a finding.
Findings run_source_examples(const YamlDocument& spec, std::size_t& examples_run);

}  // namespace baton
