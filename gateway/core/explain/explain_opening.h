#pragma once

#include <string>

#include "gateway/core/explain/lead_story.h"

namespace baton {

// The first two or three lines of an explanation: the lead's state; when and why sales got it and
// why this rep; what was promised by when.
std::string opening(const LeadStory& story);

}  // namespace baton
