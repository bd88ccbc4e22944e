#pragma once

#include <cstdint>
#include <string_view>

#include "mapping/instant.h"

namespace baton {

// Days of a named zone (IANA), counted from 1970-01-01, for daily caps and for absences given as
// dates. An unknown zone counts as UTC; calendars have rejected such zones earlier.
std::int32_t local_day(Instant at, std::string_view zone);

// The first instant of the day. If its midnight does not exist, the first instant that does.
Instant start_of_day(std::int32_t day, std::string_view zone);

// The instant at which local clocks show this second of the day. For a repeated hour, one of its
// two instants. For a skipped hour, the instant as far after the gap.
Instant instant_of(std::int32_t day, int second, std::string_view zone);

// Weeks from Monday; consecutive weeks differ by one.
std::int32_t week_of(std::int32_t day);
std::int32_t first_day_of_week(std::int32_t week);

// Months; consecutive months differ by one.
std::int32_t month_of(std::int32_t day);
std::int32_t first_day_of_month(std::int32_t month);

}  // namespace baton
