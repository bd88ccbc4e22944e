#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "mapping/result.h"

namespace baton {

// Returns the days covered by the all-day events of an iCalendar text (RFC 5545), including
// repeats, as days since 1970-01-01: ascending, each once, from 2000 to 2099. Cancelled events and
// events with a time of day do not count. Refuses a text above 1 MiB, a text that is not iCalendar,
// and one without any such day.
Result<std::vector<std::int32_t>> all_day_events(std::string_view text);

}  // namespace baton
