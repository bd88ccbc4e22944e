#pragma once

#include <vector>

#include "mapping/map/map_spec.h"

namespace baton {

// Returns the answers of an element in document order. Marks the values that the join needs as
// read.
std::vector<Item> collect_items(const MapSpec& spec, MapContext& context);

}  // namespace baton
