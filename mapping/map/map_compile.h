#pragma once

#include "mapping/map/map_spec.h"

namespace baton {

// Compiles the mapping part of a source spec. The mapping part of a source's configuration (`map`,
// `touch`, `intent`, `by_asset`, `consent`) takes precedence. Both must have passed their schema;
// faults that a schema cannot express become findings with their place.
MapSpec compile_map(const YamlDocument& spec, const YamlDocument* config, Findings& findings);

}  // namespace baton
