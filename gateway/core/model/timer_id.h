#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "mapping/instant.h"

namespace baton {

// The name of one of a person's timers. A person has at most one timer of each name.
struct TimerId {
  enum class Kind : std::uint8_t {
    kClock,     // the next step of the SLA clock `subject`
    kAct,       // act on the breach of the SLA clock `subject`
    kSnooze,    // the next snooze on the SLA clock `subject` ends
    kTask,      // the task `subject` is due
    kScore,     // the score crosses its next threshold
    kWake,      // a lead in nurture asked to be contacted again
    kRoute,     // ask the pool for an owner again
    kMeeting,   // the booked meeting begins
    kOptIn,     // the double opt-in expires
    kCoolDown,  // the cool-down of a lost lead ends
  };

  Kind kind = Kind::kClock;
  std::string subject = {};  // id of the clock or task; empty for the other kinds

  bool operator==(const TimerId&) const = default;
};

// The name as it is stored and logged: "score", "task:<id>", "act:<clock id>", a clock's id alone.
std::string to_string(const TimerId& timer);
// The timer with this name. A name without a known form is that of an SLA clock.
TimerId parse_timer_id(std::string_view name);

// Sets a timer, or removes it without `due`.
struct TimerChange {
  TimerId timer;
  std::optional<Instant> due;
};

}  // namespace baton
