#pragma once

#include <string>
#include <string_view>

namespace baton {

// Returns ISO 3166-1 alpha-2 in upper case, from alpha-2 or alpha-3 codes and from names in
// English, German and the country's own languages; "" for anything else. Idempotent. Thread-safe.
std::string normalise_country(std::string_view raw);

}  // namespace baton
