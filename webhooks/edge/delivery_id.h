#pragma once

#include <string>
#include <string_view>

namespace baton {

// Returns the public id of a delivery: 32 hex digits of SHA-256 over the length-prefixed parts.
std::string public_delivery_id(std::string_view source, std::string_view delivery_id);

}  // namespace baton
