#include "gateway/core/clock.h"

#include <algorithm>

namespace baton {
namespace {

// A budget no calendar reaches within ten years: the clock runs, but is never due.
constexpr Instant kNever{253'402'300'799'000};  // the last second of the year 9999

Duration budget_share(Duration budget, int percent) { return {budget.ms / 100 * percent + budget.ms % 100 * percent / 100}; }

void set_next(ClockInstance& clock, const ClockDefinition& definition, const BusinessCalendar& calendar) {
  const int step = definition.step_after(clock.level);
  clock.next = step == 0 ? std::nullopt : clock_step(clock, calendar, step);
}

}  // namespace

bool is_ended(const ClockInstance& clock) {
  return clock.state == ClockState::kStopped || clock.state == ClockState::kCancelled;
}

ClockTimes clock_times(const ClockInstance& clock, const BusinessCalendar& calendar, Instant at) {
  if (clock.stopped_at) at = std::min(at, *clock.stopped_at);
  ClockTimes out;
  for (const auto& segment : clock.segments) {
    const Instant end = std::min(at, segment.to.value_or(at));
    if (end <= segment.from) continue;
    const Duration wall = end - segment.from;
    if (segment.kind == SegmentKind::kPaused) {
      out.paused = out.paused + wall;
      continue;
    }
    const Duration counted = clock.working_time ? calendar.between(segment.from, end) : wall;
    out.counted = out.counted + counted;
    out.closed = out.closed + (wall - counted);
  }
  return out;
}

std::optional<Instant> clock_instant(const ClockInstance& clock, const BusinessCalendar& calendar, Duration counted) {
  for (const auto& segment : clock.segments) {
    if (segment.kind == SegmentKind::kPaused) continue;
    const auto hit = clock.working_time ? calendar.add(segment.from, counted) : segment.from + counted;
    if (!segment.to) return hit;
    if (hit && *hit <= *segment.to) return hit;
    counted = counted - (clock.working_time ? calendar.between(segment.from, *segment.to) : *segment.to - segment.from);
  }
  return std::nullopt;
}

std::optional<Instant> clock_step(const ClockInstance& clock, const BusinessCalendar& calendar, int percent) {
  return clock_instant(clock, calendar, budget_share(clock.budget, percent));
}

ClockInstance start_clock(const ClockDefinition& definition, std::uint32_t generation, Duration budget, Instant started,
                          const BusinessCalendar& calendar, Instant now) {
  ClockInstance clock;
  clock.id = definition.id + "#" + std::to_string(generation);
  clock.definition = definition.id;
  clock.generation = generation;
  clock.calendar = definition.working_time ? definition.calendar : std::string();
  clock.budget = budget;
  clock.working_time = definition.working_time;
  clock.started_at = started;
  clock.segments.push_back({started, std::nullopt, SegmentKind::kCounted});
  clock.due = clock_step(clock, calendar, 100).value_or(kNever);
  set_next(clock, definition, calendar);
  while (clock.next && *clock.next < now && definition.step_after(clock.level) < 100) {
    clock.level = definition.step_after(clock.level);
    set_next(clock, definition, calendar);
  }
  return clock;
}

void pause_clock(ClockInstance& clock, Instant at) {
  if (clock.state != ClockState::kRunning) return;
  auto& last = clock.segments.back();
  at = std::max(at, last.from);
  last.to = at;
  clock.segments.push_back({at, std::nullopt, SegmentKind::kPaused});
  clock.state = ClockState::kPaused;
  clock.next.reset();
}

void resume_clock(ClockInstance& clock, const ClockDefinition& definition, const BusinessCalendar& calendar,
                  Instant at) {
  if (clock.state != ClockState::kPaused) return;
  auto& last = clock.segments.back();
  at = std::max(at, last.from);
  last.to = at;
  clock.segments.push_back({at, std::nullopt, SegmentKind::kCounted});
  clock.state = ClockState::kRunning;
  // A breach is history: its due time stays what it was.
  if (!clock.breached_at) clock.due = clock_step(clock, calendar, 100).value_or(kNever);
  set_next(clock, definition, calendar);
}

void end_clock(ClockInstance& clock, Instant at, ClockState end, std::string_view by) {
  if (is_ended(clock)) return;
  at = std::max(at, clock.started_at);
  auto& segments = clock.segments;
  while (segments.size() > 1 && segments.back().from >= at) segments.pop_back();
  segments.back().to = at;
  clock.state = end;
  clock.stopped_at = at;
  clock.stopped_by = by;
  clock.next.reset();
}

void advance_clock(ClockInstance& clock, const ClockDefinition& definition, const BusinessCalendar& calendar,
                   int percent) {
  clock.level = percent;
  set_next(clock, definition, calendar);
}

}  // namespace baton
