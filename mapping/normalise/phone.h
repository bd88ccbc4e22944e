#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace baton {

// A telephone number in E.164 ("+4989123456"). `default_region` (ISO 3166-1 alpha-2, any case)
// reads numbers without a country code; where it is empty only international numbers are taken.
// Extensions are dropped. A number of possible length is taken even where the metadata does not
// know its range yet, since number plans grow faster than libraries. Idempotent. Any thread.
std::optional<std::string> normalise_phone(std::string_view raw, std::string_view default_region);

}  // namespace baton
