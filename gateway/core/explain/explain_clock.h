#pragma once

#include <string>
#include <vector>

#include "gateway/core/calendar/calendar.h"
#include "gateway/core/explain/decision_record.h"
#include "gateway/core/explain/narration_style.h"
#include "gateway/core/model/person.h"
#include "gateway/core/sla/sla_policy.h"

namespace baton {

// The evidence for a breach: what was promised, by which calendar and rules; what counted on each
// day, what was paused, what was closed and why; the notifications; how the clock ended.
struct ClockDossier {
  const PersonState& person;
  const ClockInstance& clock;
  const ClockDefinition* definition;  // null if the policy no longer defines it
  const BusinessCalendar& calendar;   // the clock counts by it
  const std::vector<DecisionRecord>& records;
  Instant now;
};

// Lines end with "\n".
std::string explain_clock(const ClockDossier& dossier, const NarrationStyle& how);

}  // namespace baton
