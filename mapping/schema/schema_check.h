#pragma once

#include <boost/json/object.hpp>

#include "mapping/schema/finding.h"
#include "mapping/schema/yaml.h"

namespace baton {

// Checks a document against a JSON Schema (draft-07) of the reduced language Baton's schemas are
// written in: type, enum, const, properties, patternProperties, additionalProperties,
// propertyNames, required, minProperties, maxProperties, items, minItems, maxItems, uniqueItems,
// minimum, maximum, exclusiveMinimum, exclusiveMaximum, minLength, maxLength, pattern, allOf,
// anyOf, oneOf, not and $ref to "#" and "#/definitions/...". Of alternatives that all fail, the one
// meant is found by its type and its constant keys, and only its faults are told. Values are quoted
// in a finding only where a choice is wrong, since other values may be secrets.
Findings check_against(const YamlDocument& document, const boost::json::object& schema);

}  // namespace baton
