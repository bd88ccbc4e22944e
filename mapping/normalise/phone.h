#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace baton {

// Returns a telephone number in E.164 ("+4989123456"). `default_region` (ISO 3166-1 alpha-2, any
// case) applies to numbers without a country code; if it is empty, only international numbers are
// accepted. Extensions are dropped. A number of possible length is accepted even if the metadata
// does not know its range yet, because number plans grow faster than libraries. Idempotent.
// Thread-safe.
std::optional<std::string> normalise_phone(std::string_view raw, std::string_view default_region);

}  // namespace baton
