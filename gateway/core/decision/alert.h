#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "gateway/core/model/person.h"
#include "gateway/core/policy/policy.h"

namespace baton {

// The answers of reps to the alerts of a clock: they acknowledge the clock, or they want a reminder
// later (G15). An answer counts for the rep who gave it; other reps still get the alerts.

// Whether the rep may answer the clock's alerts: its owner, the team's lead and head, marketing,
// reps whom a step names, and reps who were notified already.
bool may_answer(const Policy& policy, const PersonState& person, const ClockInstance& clock,
                const RepId& rep);

bool knows(const ClockInstance& clock, const RepId& rep);
std::vector<RepId> who_knows(const ClockInstance& clock);  // the newest answer first
// Until when the rep wants no alert. Nothing if that is unlimited, or if they have not answered.
std::optional<Instant> snoozed_until(const ClockInstance& clock, const RepId& rep);
// Replaces the rep's earlier answer. Without a time they are not alerted again.
void note_answer(ClockInstance& clock, const RepId& rep, std::optional<Instant> until);

// The next end of a snooze, and the reps whose snoozes end then. Ended snoozes are forgotten.
std::optional<Instant> next_waking(const ClockInstance& clock);
std::vector<RepId> expire_snoozes(ClockInstance& clock, Instant due);

// The reasons for a snooze on the action page, by code; explain_words.h has their words. Callers of
// the API may give other reasons.
std::span<const std::string_view> snooze_reasons();

}  // namespace baton
