#pragma once

#include <string>
#include <string_view>

#include "gateway/core/explain/explain.h"

namespace baton {

// The sentence pattern of a reason code; "" where there is none. "{name}" stands for a fact; a part
// in
// "[...]" is left out where one of its facts is missing.
std::string_view sentence(std::string_view code, Language language);

// A code word of the domain (stage, type, guard, state) as a human says it; the word itself where
// there is no better one.
std::string_view word(std::string_view code, Language language);

}  // namespace baton
