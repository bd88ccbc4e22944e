#pragma once

#include "gateway/core/decision/decision_context.h"

namespace baton {

// Meetings, reported by a calendar tool or by sales.

// Reads a touch of a calendar tool. Returns false if the touch has to count like any other touch.
bool decide_meeting_touch(DecisionContext& s, const Touch& touch, const std::string& id);

// Sales reports a meeting. Needs an open lead.
void decide_meeting(DecisionContext& s, const SalesFeedback& f, const MeetingReport& report,
                    Instant at);

// A booked meeting begins. Returns false if the timer is out of date.
bool meeting_due(DecisionContext& s, Instant due);

}  // namespace baton
