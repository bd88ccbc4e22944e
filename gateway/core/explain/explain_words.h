#pragma once

#include <string_view>

#include "gateway/core/text/texts.h"

namespace baton {

// What a code of the domain (stage, type, guard, state) is called; the code itself if it has no
// name.
std::string_view word(std::string_view code, const Texts& texts);

}  // namespace baton
