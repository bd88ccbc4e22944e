#pragma once

#include <optional>
#include <string>

#include "gateway/core/model/person.h"

namespace baton {

// Merges the statements of touches about the person. The order of arrival does not matter to any of
// these; all return true if something changed.

// The latest statement on each field wins.
bool merge_profile(PersonState& person, const Touch& touch, const std::string& touch_id,
                   Instant at);
// The latest statement on each purpose and channel wins; a withdrawal wins a tie.
bool merge_consents(PersonState& person, const Touch& touch, Instant at);
// Keeps the first and the last attribution.
bool merge_attribution(PersonState& person, const Touch& touch, const std::string& touch_id,
                       Instant at);

// Since when the person objects to marketing as a whole, by their consents (Art. 21 (2) DSGVO);
// nothing if they do not.
std::optional<Instant> objection(const PersonState& person);

// The time stamp that a touch counts with: one in the future counts as now.
Instant clamp(Instant at, Instant now);

}  // namespace baton
