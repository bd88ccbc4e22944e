#pragma once

#include "mapping/json/json.h"
#include "mapping/map/touch.h"
#include "mapping/result.h"

namespace baton {

// Facts that a rep found out about a person: the members of a touch's `person`, all of them texts.
// Normalises an e-mail address and a telephone number (with its country code). Refuses unknown
// members, with their place.
Status read_facts(const json::value& value, PersonFacts& out);

}  // namespace baton
