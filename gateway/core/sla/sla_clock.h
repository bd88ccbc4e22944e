#pragma once

#include <optional>

#include "gateway/core/calendar/calendar.h"
#include "gateway/core/model/person.h"
#include "gateway/core/sla/sla_policy.h"

namespace baton {

// Arithmetic of one SLA clock. A clock is a list of adjacent segments, each counted or paused.
// Counted time is the part of the counted segments inside the calendar. Due time, warnings and
// escalations follow from it. No policy decisions are made here.

// Divides a clock's life until `at` (or until it stopped) into counted time, paused time and time
// outside business hours. The three add up to the wall time since the start.
struct ClockTimes {
  Duration counted, paused, closed;
};
ClockTimes clock_times(const ClockInstance& clock, const BusinessCalendar& calendar, Instant at);

// The instant at which `counted` of the clock's time has passed, without pauses. Empty if the clock
// is paused, or stopped earlier.
std::optional<Instant> clock_instant(const ClockInstance& clock, const BusinessCalendar& calendar,
                                     Duration counted);

// Time that had counted when the last step ran.
Duration done_of(const ClockInstance& clock);
// The definition's next step and its instant. Null and empty if there is none.
const ClockStep* next_step(const ClockInstance& clock, const ClockDefinition& definition);
std::optional<Instant> step_instant(const ClockInstance& clock, const BusinessCalendar& calendar,
                                    const ClockStep& step);

// Creates a clock that counts from `started`, which may be in the past. Skips warnings that would
// have come before `now`, but not breach and escalations.
// `calendar_name` is the calendar's name in the set, which can differ from the name in the
// definition.
ClockInstance start_clock(const ClockDefinition& definition, std::uint32_t generation,
                          Duration budget, Instant started, const BusinessCalendar& calendar,
                          std::string calendar_name, Instant now);

// All of these keep `next` and, if it can be computed, `due` up to date. A pause begins and ends
// within the clock's life: earlier instants become the beginning of its last segment.
void pause_clock(ClockInstance& clock, Instant at);
void resume_clock(ClockInstance& clock, const ClockDefinition& definition,
                  const BusinessCalendar& calendar, Instant at);
// Ends the clock at `at`, but not before its start. Removes later segments. `end` is kStopped or
// kCancelled.
void end_clock(ClockInstance& clock, Instant at, ClockState end, std::string_view by);
// Marks the due step as done and sets the next one.
void advance_clock(ClockInstance& clock, const ClockDefinition& definition,
                   const BusinessCalendar& calendar, const ClockStep& step);
// Sets due time and next step by a new definition and calendar. `retroactive` recounts the clock's
// whole life; otherwise the time already counted is kept. A breach keeps its original due time.
void retime_clock(ClockInstance& clock, const ClockDefinition& definition, Duration budget,
                  const BusinessCalendar& before, const BusinessCalendar& calendar, Instant now,
                  bool retroactive);

bool is_ended(const ClockInstance& clock);

}  // namespace baton
