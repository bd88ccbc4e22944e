#pragma once

#include <string>
#include <vector>

#include "gateway/core/explain/decision_record.h"
#include "gateway/core/explain/narration_style.h"
#include "gateway/core/model/person.h"

namespace baton {

// The answer to "what happened to this lead, and why?". First the lead's state, why sales got it,
// why this rep, and what was promised by when. Then a tree of the score, the rules, the clocks, the
// handovers and the history. Records are oldest first; what they do not hold (an erased person's
// touches) is left out. Lines end with "\n".
std::string explain_tree(const PersonState& person, const std::vector<DecisionRecord>& records,
                         const NarrationStyle& how);

}  // namespace baton
