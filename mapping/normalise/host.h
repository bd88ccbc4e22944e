#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace baton {

// Returns an internet host name in lower-case A-labels (IDNA 2008, non-transitional): at least two
// labels of letters, digits and inner hyphens, at most 253 bytes, not an IP address. A trailing dot
// is removed.
std::optional<std::string> normalise_host(std::string_view raw);

}  // namespace baton
