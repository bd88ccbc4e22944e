#pragma once

#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace baton {

// A point in time: milliseconds since 1970-01-01T00:00:00Z, without leap seconds. Decisions receive
// it as an argument; only gateway/platform/clock.h reads a clock.
struct Instant {
  std::int64_t ms = 0;
  auto operator<=>(const Instant&) const = default;
};

// A length of time in milliseconds.
struct Duration {
  std::int64_t ms = 0;
  auto operator<=>(const Duration&) const = default;
};

constexpr Duration milliseconds(std::int64_t n) { return {n}; }
constexpr Duration seconds(std::int64_t n) { return {n * 1000}; }
constexpr Duration minutes(std::int64_t n) { return {n * 60'000}; }
constexpr Duration hours(std::int64_t n) { return {n * 3'600'000}; }
constexpr Duration days(std::int64_t n) { return {n * 86'400'000}; }

constexpr Instant operator+(Instant a, Duration d) { return {a.ms + d.ms}; }
constexpr Instant operator-(Instant a, Duration d) { return {a.ms - d.ms}; }
constexpr Duration operator-(Instant a, Instant b) { return {a.ms - b.ms}; }
constexpr Duration operator+(Duration a, Duration b) { return {a.ms + b.ms}; }
constexpr Duration operator-(Duration a, Duration b) { return {a.ms - b.ms}; }

// Formats as RFC 3339 in UTC: "2026-03-09T09:00:00Z", with ".123" only if the milliseconds are not
// zero.
std::string to_rfc3339(Instant at);
void append_rfc3339(std::string& out, Instant at);
// Writes the same to `to`, which must have room for kInstantLength characters. Returns the end of
// what was written.
inline constexpr std::size_t kInstantLength = 28;
char* write_rfc3339(char* to, Instant at);

// Parses RFC 3339 or ISO 8601 with a zone ('Z', "+01:00", "+0100", "+01"). Fractions are truncated
// to milliseconds. Empty if the zone is missing or the date does not exist.
std::optional<Instant> parse_rfc3339(std::string_view text);

// Parses "90s", "5m", "4h", "2d", "500ms", and sums such as "1h30m". Not negative; at most 100
// years.
std::optional<Duration> parse_duration(std::string_view text);

// Formats the shortest such text: "1h30m", "500ms", "0s".
std::string to_string(Duration d);

}  // namespace baton
