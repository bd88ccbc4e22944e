#pragma once

#include <string>
#include <string_view>

#include <boost/json/value.hpp>

#include "gateway/core/model/person.h"

namespace baton {

// Writes the document as it is stored: packed (pack.h), in format version 3 with a stem and in 2
// without one. `stem`: the personal part of the person's first event.
std::string write_person(const PersonState& person, std::string_view stem = {});
// Reads these versions and version 1, which is JSON.
Result<PersonState> read_person(std::string_view document, std::string_view stem = {});

// The document as JSON, in format version 1, for readers and tests. Empty members are left out.
boost::json::value to_json(const PersonState& person);
Result<PersonState> person_state_from_json(const boost::json::value& json);

}  // namespace baton
