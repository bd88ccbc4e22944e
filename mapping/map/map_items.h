#pragma once

#include <vector>

#include "mapping/map/map_spec.h"

namespace baton {

// The answers of an element, in the order of the document; what the join needs is marked as read.
std::vector<Item> collect_items(const MapSpec& spec, MapContext& context);

}  // namespace baton
