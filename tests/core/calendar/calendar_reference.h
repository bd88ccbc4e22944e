#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

// An independent computation of business time: it walks through time hour by hour, minute by minute
// and, when anything changes, second by second. Its zone rules and holidays are written by hand for
// 2015..2035. It shares no code with gateway/core on purpose, and is slow and obvious.
namespace reference {

struct Window {
  int open_s, close_s;
};

struct Calendar {
  std::string zone;                 // one of zones()
  std::vector<Window> windows[7];   // Monday first
  std::string region;               // "" : no holidays
  std::vector<std::string> closed;  // "2026-12-24"
};

const std::vector<std::string>& zones();
const std::vector<std::string>& regions();

bool is_holiday(const std::string& region, int year, int month, int day);
bool is_open(const Calendar& calendar, std::int64_t utc_s);
// Milliseconds since 1970. Empty if the walk leaves 2036.
std::optional<std::int64_t> due(const Calendar& calendar, std::int64_t start_ms,
                                std::int64_t budget_ms);
// The changes of a zone between winter and summer time in a year, UTC seconds.
std::vector<std::int64_t> changes(const std::string& zone, int year);

}  // namespace reference
