#pragma once

#include <string>
#include <string_view>

namespace baton {

// Returns ISO 639-1 in lower case, from language tags ("de-DE", "en_US"), ISO 639-2 codes ("deu",
// "ger") and names in English, German and the language itself; "" for anything else. Idempotent.
std::string normalise_language(std::string_view raw);

}  // namespace baton
