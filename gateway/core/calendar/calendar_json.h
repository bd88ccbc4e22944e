#pragma once

#include <boost/json/object.hpp>

#include "mapping/result.h"

namespace baton {

// Answers one line of `baton calendar due --stdin`:
// {"zone", "windows": {"mon": [["09:00", "17:00"]], ...}, "holidays": "DE-BY" or null,
// "start": RFC 3339, "budget_s": seconds} -> {"due": RFC 3339 in UTC}
// Each thread caches compiled calendars, so a batch of lines with few calendars is fast.
Result<boost::json::object> calendar_due(const boost::json::object& line);

}  // namespace baton
