#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "mapping/result.h"

namespace baton {

// The whole days that the all-day events of an iCalendar text (RFC 5545) take, repeats counted,
// from the year 2000 up to the end of 2099: days since 1970-01-01, ascending, each once. Cancelled
// events and those with a time of day do not count. Refuses a text above 1 MiB, one that is no
// iCalendar, and one without a single such day.
Result<std::vector<std::int32_t>> all_day_events(std::string_view text);

}  // namespace baton
