#pragma once

#include <string>

#include "mapping/map/map_spec.h"

namespace baton {

// A delivery to map.
struct MapInput {
  std::string_view content_type;
  std::span<const std::pair<std::string, std::string>> headers;
  std::string_view body;
  Instant received_at;
};

std::string map_delivery_id(const MapSpec& spec, const MapInput& input);
Result<MappedDelivery> map_delivery(const MapSpec& spec, const MapInput& input);

}  // namespace baton
