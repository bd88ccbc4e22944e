#pragma once

#include <boost/json/object.hpp>

#include "gateway/core/calendar/calendar.h"

namespace baton {

// Reads a calendar in the format of policy/calendars.yaml and of `baton calendar due --stdin`:
// {"zone": "Europe/Berlin", "windows": {"mon-fri": ["09:00-17:00"], "sat": [["09:00", "12:00"]]},
// "holidays": "DE-BY" or null, "closed": ["2026-12-24", "12-31", "2026-12-28..2026-12-31"], "days":
// {"2026-12-24": ["09:00-12:00"]},
// "ical": "BEGIN:VCALENDAR..."}
// The error's `where` is the JSON pointer within the calendar.
Result<BusinessCalendar::Spec> read_calendar_spec(const boost::json::object& o);

}  // namespace baton
