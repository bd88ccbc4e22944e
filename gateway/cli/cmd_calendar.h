#pragma once

#include <string>

namespace baton {

struct CalendarOptions {
  bool from_stdin = false;                            // read JSON lines, ignore the rest
  std::string config = ".", calendar, start, budget;  // start: RFC 3339; budget: "4h"
};

// Prints when a budget of business time is used up.
int cmd_calendar_due(const CalendarOptions& options);

}  // namespace baton
