#pragma once

#include <string>

#include "gateway/core/explain/narration_style.h"
#include "gateway/core/model/reason.h"

namespace baton {

// One sentence for a reason, without a full stop: "clock first contact resumed, due 2026-03-09
// 10:00 UTC". A code without a sentence is shown with its facts, so that nothing is hidden.
std::string explain_reason(const Reason& reason, const NarrationStyle& how);

}  // namespace baton
