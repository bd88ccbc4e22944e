#pragma once

#include <cstdint>
#include <string_view>

#include "mapping/instant.h"

namespace baton {

// Days of a named zone (IANA), counted from 1970-01-01, for caps a day and absences given as dates.
// An unknown zone counts as UTC: calendars refuse such zones before one gets here.
std::int32_t local_day(Instant at, std::string_view zone);

// The first instant of the day; where its midnight does not exist, the first that does.
Instant start_of_day(std::int32_t day, std::string_view zone);

// The instant at which clocks on the wall show that second of that day; of an hour that comes twice
// one of both, of one that is left out the same distance behind the gap.
Instant instant_of(std::int32_t day, int second, std::string_view zone);

// Weeks from Monday, counted so that consecutive weeks differ by one.
std::int32_t week_of(std::int32_t day);
std::int32_t first_day_of_week(std::int32_t week);

// Months, counted so that consecutive months differ by one.
std::int32_t month_of(std::int32_t day);
std::int32_t first_day_of_month(std::int32_t month);

}  // namespace baton
