#pragma once

#include <optional>
#include <string_view>

#include "adapters/engine/http/http_client.h"
#include "mapping/instant.h"

namespace baton {

// Parses an HTTP date (RFC 9110 5.6.7): IMF-fixdate and the two obsolete forms.
std::optional<Instant> parse_http_date(std::string_view text);

// Returns the wait that Retry-After (RFC 9110 10.2.3) requests: seconds, or a date relative to the
// response's Date header, so that no clock is needed. Empty if it is missing, malformed or
// negative. Large values are returned unchanged up to ten years; callers cap them.
std::optional<Duration> retry_after(const Headers& headers);

}  // namespace baton
