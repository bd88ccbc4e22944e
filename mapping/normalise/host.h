#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace baton {

// A host name of the internet in lower-case A-labels (IDNA 2008, non-transitional): at least two
// labels of letters, digits and inner hyphens, 253 bytes, no address. A dot at the end goes.
std::optional<std::string> normalise_host(std::string_view raw);

}  // namespace baton
