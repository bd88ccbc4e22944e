#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "gateway/core/decision_record.h"
#include "gateway/core/person.h"
#include "gateway/core/reason.h"

namespace baton {

enum class Language { kEnglish, kGerman };

// "de", "de-AT" -> German; everything else English.
Language language_of(std::string_view tag);

// One sentence for a reason, without a full stop: "first contact: due 2026-03-09 10:00 UTC". A code
// that has no sentence is shown with its facts, so that nothing is hidden.
std::string explain_reason(const Reason& reason, Language language);

// The answer to "what happened to this lead, and why?": how it stands now, why it became an MQL, why
// this rep, which clocks ran, what was handed over, then the history. Records oldest first; what
// they do not hold (an erased person's touches) is left out. Lines end with "\n".
std::string explain_tree(const PersonState& person, const std::vector<DecisionRecord>& records, Language language);

// Points as humans write them: 12500 milli-points are "12.5" ("12,5" in German).
std::string points_text(std::int64_t milli_points, Language language);

}  // namespace baton
