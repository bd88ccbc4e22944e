#pragma once

#include "mapping/json/json.h"
#include "mapping/map/touch.h"
#include "mapping/result.h"

namespace baton {

// What somebody found out about a person: the members of a touch's `person`, texts all of them. An
// e-mail address and a telephone number (with its country code) are normalised. What is not known
// is refused, with its place.
Status read_facts(const json::value& value, PersonFacts& out);

}  // namespace baton
