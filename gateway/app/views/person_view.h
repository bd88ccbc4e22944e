#pragma once

#include <boost/json/object.hpp>

#include "gateway/core/model/person.h"

namespace baton {

// A person and the newest episode as the admin API shows them. Personal data: only for callers with
// a credential.
boost::json::object lead_row(const PersonState& person);   // a line of a list
boost::json::object lead_view(const PersonState& person);  // everything
boost::json::object task_view(const PersonState& person, const Task& task);
boost::json::object meeting_view(const PersonState& person, const Meeting& meeting);
boost::json::object clock_view(const PersonState& person, const ClockInstance& clock, Instant now);

// "0123456789abcdef0123.2" -> the person's id. The text itself if it names no episode.
PersonId person_of_lead(const LeadId& lead);

}  // namespace baton
