#pragma once

#include <cstddef>

#include "mapping/schema/yaml.h"

namespace baton {

// Runs the examples of an adapter's `feedback` part; every difference is a finding.
Findings run_feedback_examples(const YamlDocument& spec, std::size_t& examples_run);

}  // namespace baton
