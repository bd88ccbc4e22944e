#pragma once

#include <string_view>

#include "gateway/core/text/texts.h"

namespace baton {

// The name of a code of the domain (stage, type, guard, state); the code itself if it has none.
std::string_view word(std::string_view code, const Texts& texts);

}  // namespace baton
