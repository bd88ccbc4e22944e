#include "gateway/core/decision/clock_rules.h"

namespace baton {

const SlaPolicy& sla_of(const Policy& policy, const ClockInstance& clock) {
  const auto* rules = policy.rules_of(clock);
  return rules != nullptr ? *rules->sla : *policy.sla;
}

const ClockDefinition& definition_of(const Policy& policy, const ClockInstance& clock) {
  static const ClockDefinition kGone = [] {
    ClockDefinition gone;
    gone.steps = {{100, {}, {"owner", "team_lead"}}};
    return gone;
  }();
  const auto* found = sla_of(policy, clock).find(clock.definition);
  return found != nullptr ? *found : kGone;
}

const BusinessCalendar& calendar_of(const Policy& policy, const ClockInstance& clock) {
  const auto* rules = policy.rules_of(clock);
  const auto* found =
      (rules != nullptr ? *rules->calendars : policy.calendars).find(clock.calendar);
  return found != nullptr ? *found : BusinessCalendar::always();
}

}  // namespace baton
