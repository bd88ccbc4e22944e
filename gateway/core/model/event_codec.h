#pragma once

#include <boost/json/object.hpp>

#include "gateway/core/model/event.h"
#include "mapping/result.h"

namespace baton {

class JsonWriter;

// Events and reasons as JSON, for the decision log, goldens and simulation. Times are RFC 3339.
// Values that identify a person (touches, notes) are apart from the rest, so that the log can
// encrypt them and the rest stays readable after an erasure.

// `decided`: the reasons of the decision about this event, which are in the same record.
void write_event(JsonWriter& w, const Event& event, const Reasons& decided);
// The personal part, packed; empty if the event has none. With a stem it contains only what the
// stem does not (pack.h).
std::string personal_part(const Event& event, std::string_view stem = {});
// The personal part that is the stem itself.
inline constexpr std::string_view kIsStem = "\x04";
Status add_personal(Event& event, std::string_view packed, std::string_view stem = {});
// Reads the text of write_event(). Stories and records of format 1 have the personal part as JSON
// in the member "sealed".
Result<Event> event_from_json(const boost::json::value& json);
std::string_view kind_of(const Event& event);  // "touches", "clock", "owner", "feedback", "outcome"

boost::json::object to_json(const Reason& reason);
// Reads the object of to_json(), or an element of Reasons::text().
Reason reason_from_json(const boost::json::value& json);

}  // namespace baton
