#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "gateway/core/model/person.h"
#include "gateway/core/policy/policy.h"

namespace baton {

// What people answer to the alerts of a clock: that they know, or that they want to hear of it
// again later (domain 3.1.3). Each reader answers for himself; the others are told on.

// Whoever the clock's alerts go to may answer them: its owner, the team's lead and head, marketing,
// whom a step names, and whoever was told already.
bool may_answer(const Policy& policy, const PersonState& person, const ClockInstance& clock,
                std::string_view rep);

bool knows(const ClockInstance& clock, std::string_view rep);
std::vector<std::string> who_knows(const ClockInstance& clock);  // the newest answer first
// Until when the rep wants to hear nothing; nothing where that is for good, or he has not answered.
std::optional<Instant> snoozed_until(const ClockInstance& clock, std::string_view rep);
// Takes the place of what the rep answered before. Without a time he knows for good.
void note_answer(ClockInstance& clock, std::string_view rep, std::optional<Instant> until);

// The next end of a snooze, and whose snoozes end then: they are forgotten as answers.
std::optional<Instant> next_waking(const ClockInstance& clock);
std::vector<std::string> expire_snoozes(ClockInstance& clock, Instant due);

// What the action page offers as a snooze's reason, by codes that explain_words.h has words for.
// Whoever calls the API may give others.
std::span<const std::string_view> snooze_reasons();

}  // namespace baton
