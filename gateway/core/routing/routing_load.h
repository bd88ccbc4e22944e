#pragma once

#include <memory>

#include "gateway/core/routing/routing_policy.h"
#include "mapping/schema/finding.h"
#include "mapping/schema/yaml.h"

namespace baton {

// Compiles a document that has passed check_schema(document, "routing"). Reports errors beyond the
// schema with their place: references, order of dates, unreachable rules. Returns null if it adds
// an error.
std::shared_ptr<const RoutingPolicy> load_routing(const YamlDocument& yaml, Findings& findings);

}  // namespace baton
