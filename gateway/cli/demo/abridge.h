#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "mapping/json/json.h"

namespace baton {

// Returns the most important lines of an explanation: the lead's status, why sales got it, why
// these reps, how the clock ended. `timeline` is the API's answer for the same lead in the same
// language.
std::vector<std::string> abridged(std::string_view tree, const json::object& timeline);

}  // namespace baton
