#pragma once

#include <boost/json/object.hpp>

#include "gateway/core/event.h"
#include "mapping/result.h"

namespace baton {

// Events and reasons as JSON, for the decision log, goldens and simulation. Times are RFC 3339.
// What identifies a person (touches, notes) stands under "sealed", apart from the rest, so that the
// log can encrypt that member and keep the rest readable after the person was erased.
boost::json::object to_json(const Event& event);
Result<Event> event_from_json(const boost::json::value& json);
std::string_view kind_of(const Event& event);   // "touches", "clock", "owner", "feedback", "outcome"

boost::json::object to_json(const Reason& reason);
// Reads the object that to_json writes, and an element of Reasons::text().
Reason reason_from_json(const boost::json::value& json);

std::string_view to_string(FeedbackKind kind);
std::optional<FeedbackKind> parse_feedback_kind(std::string_view name);

}  // namespace baton
