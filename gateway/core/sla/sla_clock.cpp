#include "gateway/core/sla/sla_clock.h"

#include <algorithm>

namespace baton {
namespace {

// The due time of a budget that the calendar does not reach within ten years: the clock runs, but
// is never due.
constexpr Instant kNever{253'402'300'799'000};  // the last second of the year 9999

void set_next(ClockInstance& clock, const ClockDefinition& definition,
              const BusinessCalendar& calendar) {
  const auto* step = next_step(clock, definition);
  clock.next = step == nullptr ? std::nullopt : step_instant(clock, calendar, *step);
}

Instant due_of(const ClockInstance& clock, const BusinessCalendar& calendar) {
  return clock_instant(clock, calendar, clock.budget).value_or(kNever);
}

}  // namespace

bool is_ended(const ClockInstance& clock) {
  return clock.state == ClockState::kStopped || clock.state == ClockState::kCancelled;
}

ClockTimes clock_times(const ClockInstance& clock, const BusinessCalendar& calendar, Instant at) {
  if (clock.stopped_at) at = std::min(at, *clock.stopped_at);
  ClockTimes out;
  const Instant fresh = clock.carried_until.value_or(clock.started_at);
  Duration before;  // wall time of counted segments that earlier rules have counted
  for (const auto& segment : clock.segments) {
    const Instant end = std::min(at, segment.to.value_or(at));
    if (end <= segment.from) continue;
    if (segment.kind == SegmentKind::kPaused) {
      out.paused = out.paused + (end - segment.from);
      continue;
    }
    if (segment.from < fresh) before = before + (std::min(end, fresh) - segment.from);
    const Instant from = std::max(segment.from, fresh);
    if (end <= from) continue;
    const Duration counted = clock.working_time ? calendar.between(from, end) : end - from;
    out.counted = out.counted + counted;
    out.closed = out.closed + ((end - from) - counted);
  }
  const Duration carried = std::min(clock.carried, before);
  out.counted = out.counted + carried;
  out.closed = out.closed + (before - carried);
  return out;
}

std::optional<Instant> clock_instant(const ClockInstance& clock, const BusinessCalendar& calendar,
                                     Duration counted) {
  if (clock.carried_until && counted <= clock.carried) return clock.carried_until;
  const Instant fresh = clock.carried_until.value_or(clock.started_at);
  counted = counted - clock.carried;
  for (const auto& segment : clock.segments) {
    if (segment.kind == SegmentKind::kPaused || (segment.to && *segment.to <= fresh)) continue;
    const Instant from = std::max(segment.from, fresh);
    const auto hit = clock.working_time ? calendar.add(from, counted) : from + counted;
    if (!segment.to) return hit;
    if (hit && *hit <= *segment.to) return hit;
    counted =
        counted - (clock.working_time ? calendar.between(from, *segment.to) : *segment.to - from);
  }
  return std::nullopt;
}

Duration done_of(const ClockInstance& clock) {
  return clock.done.ms > 0
             ? clock.done
             : ClockStep{clock.level, {}, {}}.counted(clock.level > 0 ? clock.budget : Duration{0});
}

const ClockStep* next_step(const ClockInstance& clock, const ClockDefinition& definition) {
  return definition.step_after(done_of(clock), clock.budget);
}

std::optional<Instant> step_instant(const ClockInstance& clock, const BusinessCalendar& calendar,
                                    const ClockStep& step) {
  return clock_instant(clock, calendar, step.counted(clock.budget));
}

ClockInstance start_clock(const ClockDefinition& definition, std::uint32_t generation,
                          Duration budget, Instant started, const BusinessCalendar& calendar,
                          std::string calendar_name, Instant now) {
  ClockInstance clock;
  clock.id = ClockId(definition.id + "#" + std::to_string(generation));
  clock.definition = definition.id;
  clock.generation = generation;
  if (definition.working_time) clock.calendar = std::move(calendar_name);
  clock.budget = budget;
  clock.working_time = definition.working_time;
  clock.started_at = started;
  clock.segments.push_back({started, std::nullopt, SegmentKind::kCounted});
  clock.due = due_of(clock, calendar);
  set_next(clock, definition, calendar);
  for (const auto* step = next_step(clock, definition);
       clock.next && *clock.next < now && step->counted(budget) < budget;
       step = next_step(clock, definition)) {
    advance_clock(clock, definition, calendar, *step);
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

void resume_clock(ClockInstance& clock, const ClockDefinition& definition,
                  const BusinessCalendar& calendar, Instant at) {
  if (clock.state != ClockState::kPaused) return;
  auto& last = clock.segments.back();
  at = std::max(at, last.from);
  last.to = at;
  clock.segments.push_back({at, std::nullopt, SegmentKind::kCounted});
  clock.state = ClockState::kRunning;
  // A breach keeps its original due time.
  if (!clock.breached_at) clock.due = due_of(clock, calendar);
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

void advance_clock(ClockInstance& clock, const ClockDefinition& definition,
                   const BusinessCalendar& calendar, const ClockStep& step) {
  clock.done = step.counted(clock.budget);
  clock.level =
      step.percent > 0
          ? step.percent
          : static_cast<int>(clock.done.ms * 100 / std::max<std::int64_t>(clock.budget.ms, 1));
  set_next(clock, definition, calendar);
}

void retime_clock(ClockInstance& clock, const ClockDefinition& definition, Duration budget,
                  const BusinessCalendar& before, const BusinessCalendar& calendar, Instant now,
                  bool retroactive) {
  if (is_ended(clock)) return;
  if (retroactive) {
    clock.carried = {};
    clock.carried_until.reset();
  } else {
    clock.carried = clock_times(clock, before, now).counted;
    clock.carried_until = now;
  }
  clock.done = done_of(clock);
  clock.budget = budget;
  clock.working_time = definition.working_time;
  if (!clock.breached_at) clock.due = due_of(clock, calendar);
  if (clock.state == ClockState::kRunning) set_next(clock, definition, calendar);
}

}  // namespace baton
