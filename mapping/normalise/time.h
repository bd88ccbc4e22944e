#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "mapping/instant.h"

namespace baton {

// How a source writes its times, if the text alone does not decide.
struct TimeHint {
  enum class Unit : std::uint8_t { kAuto, kSeconds, kMillis };
  Unit unit = Unit::kAuto;  // of a bare number; kAuto: from 10^11 on it is milliseconds
  std::string zone;         // IANA name for times without an offset; "": UTC
};

// Parses epoch seconds and milliseconds ("1582103478", "1582103478.25", "1.582103478e9"), RFC 3339,
// ISO 8601 with any offset, and local times "2026-03-09 10:00[:00[.000]]" or with a 'T'. A bare
// date means its midnight. A local time that a clock change skips moves forward by the gap; an
// ambiguous one is the first. Empty for other texts, unknown zones and years before 1970 or after
// 2199. Thread-safe.
std::optional<Instant> parse_time(std::string_view text, const TimeHint& hint = {});

// Returns whether the zone is in this machine's database.
bool is_time_zone(std::string_view zone);

}  // namespace baton
