#pragma once

#include <string>
#include <vector>

#include "gateway/core/calendar/calendar.h"
#include "gateway/core/explain/decision_record.h"
#include "gateway/core/explain/explain.h"
#include "gateway/core/model/person.h"
#include "gateway/core/sla/sla_policy.h"

namespace baton {

// Everything a breach has to be defended with (domain G26): what was promised, by which calendar
// and rules; day by day what counted, what was paused, what was closed and why; who was told what,
// when; how it ended.
struct ClockDossier {
  const PersonState& person;
  const ClockInstance& clock;
  const ClockDefinition* definition;  // null where the policy knows it no more
  const BusinessCalendar& calendar;   // it counts by
  const std::vector<DecisionRecord>& records;
  Instant now;
};

// Lines end with "\n".
std::string explain_clock(const ClockDossier& dossier, const NarrationStyle& how);

}  // namespace baton
