#pragma once

#include <boost/json/object.hpp>

#include "mapping/schema/finding.h"
#include "mapping/schema/yaml.h"

namespace baton {

// Checks a document against a JSON Schema (draft-07) in the subset that Baton's schemas use: type,
// enum, const, properties, patternProperties, additionalProperties, propertyNames, required,
// minProperties, maxProperties, items, minItems, maxItems, uniqueItems, minimum, maximum,
// exclusiveMinimum, exclusiveMaximum, minLength, maxLength, pattern, allOf, anyOf, oneOf, not and
// $ref to "#" and "#/definitions/...".
//
// If all alternatives fail, the type and the constant keys select the one that was meant, and only
// its faults are reported. A finding quotes a value only if a choice is wrong, because other values
// may be secrets.
Findings check_against(const YamlDocument& document, const boost::json::object& schema);

}  // namespace baton
