#pragma once

#include <optional>
#include <string_view>

#include "adapters/engine/http/http_client.h"
#include "mapping/instant.h"

namespace baton {

// An HTTP date (RFC 9110 5.6.7): IMF-fixdate, and the two old forms.
std::optional<Instant> parse_http_date(std::string_view text);

// What Retry-After (RFC 9110 10.2.3) asks for: seconds, or a date, read against the answer's own
// Date header so that no clock is needed. Nothing where it is missing, malformed or negative. A
// value however large is given as it is, up to ten years; callers cap it.
std::optional<Duration> retry_after(const Headers& headers);

}  // namespace baton
