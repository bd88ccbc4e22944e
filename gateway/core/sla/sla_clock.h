#pragma once

#include <optional>

#include "gateway/core/calendar/calendar.h"
#include "gateway/core/model/person.h"
#include "gateway/core/sla/sla_policy.h"

namespace baton {

// Arithmetic of one SLA clock (domain 3.1.2). A clock is a list of segments, counted or paused, one
// after the other without a gap; counted time is what of them lies inside the calendar. Everything
// else (due time, warnings, escalations) is derived from them. No policy decisions here.

// How a clock's life until `at` (or until it stopped) divides up: counted, paused, and outside of
// business time. The three always add up to the wall time since the start.
struct ClockTimes {
  Duration counted, paused, closed;
};
ClockTimes clock_times(const ClockInstance& clock, const BusinessCalendar& calendar, Instant at);

// The instant at which `counted` of the clock's time has passed, pauses skipped. Nothing where it
// is never reached: the clock is paused or has stopped before.
std::optional<Instant> clock_instant(const ClockInstance& clock, const BusinessCalendar& calendar,
                                     Duration counted);

// Time that had counted when the last step was done.
Duration done_of(const ClockInstance& clock);
// The next step of its definition, and when it comes; null and nothing where none does.
const ClockStep* next_step(const ClockInstance& clock, const ClockDefinition& definition);
std::optional<Instant> step_instant(const ClockInstance& clock, const BusinessCalendar& calendar,
                                    const ClockStep& step);

// A clock that counts from `started`, which may lie in the past. Warnings that would have come
// before `now` are left out; breach and escalations are not.
// `calendar_name` is what the calendar is found by, which need not be what the definition says.
ClockInstance start_clock(const ClockDefinition& definition, std::uint32_t generation,
                          Duration budget, Instant started, const BusinessCalendar& calendar,
                          std::string calendar_name, Instant now);

// All of these keep `next` and, where it can be known, `due` true. A pause begins and ends inside
// the clock's life: earlier instants are moved up to the beginning of its last segment.
void pause_clock(ClockInstance& clock, Instant at);
void resume_clock(ClockInstance& clock, const ClockDefinition& definition,
                  const BusinessCalendar& calendar, Instant at);
// Ends it at `at`, not before its start; segments behind are cut off. `end` is kStopped or
// kCancelled.
void end_clock(ClockInstance& clock, Instant at, ClockState end, std::string_view by);
// The step that was due is done; the next one is set.
void advance_clock(ClockInstance& clock, const ClockDefinition& definition,
                   const BusinessCalendar& calendar, const ClockStep& step);
// Due time and next step by a new definition and calendar: `retroactive` counts its whole life
// anew, else what has counted already stays counted. A breach stays a breach, with the due time it
// had.
void retime_clock(ClockInstance& clock, const ClockDefinition& definition, Duration budget,
                  const BusinessCalendar& before, const BusinessCalendar& calendar, Instant now,
                  bool retroactive);

bool is_ended(const ClockInstance& clock);

}  // namespace baton
