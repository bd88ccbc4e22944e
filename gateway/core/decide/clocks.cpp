#include <algorithm>

#include "gateway/core/decide/decision_context.h"
#include "gateway/core/sla/clock_calendar.h"

namespace baton {
namespace {

bool lists(const std::vector<std::string>& wanted, std::string_view value) {
  return wanted.empty() || std::find(wanted.begin(), wanted.end(), value) != wanted.end();
}

bool fits(const DecisionContext& s, const ClockGuard& when) {
  const auto& lead = *s.person.lead;
  return lists(when.types, to_string(lead.type)) && lists(when.grades, s.person.score.grade) &&
         lists(when.pools, lead.pool) && lists(when.rules, lead.route_rule);
}

bool is_running(const PersonState& person, std::string_view definition, std::string_view subject) {
  return std::any_of(person.clocks.begin(), person.clocks.end(), [&](const auto& c) {
    return c.definition == definition && c.subject == subject && !is_ended(c);
  });
}

// Whether what happened to `subject` is about this clock.
bool concerns(const ClockInstance& clock, std::string_view subject) {
  return clock.subject.empty() || subject.empty() || clock.subject == subject;
}

bool is_paused_at_once(const DecisionContext& s, const ClockDefinition& definition) {
  for (int i = 0; i < kPauseConditions; ++i) {
    const auto condition = static_cast<PauseCondition>(i);
    if (definition.pauses_on(condition) && holds(s, condition)) return true;
  }
  return false;
}

// Over before it began: the touch is older than the promise is long (an import, deliveries entered
// again). It is a breach all the same, but nobody's.
bool came_too_late(const DecisionContext& s, const ClockInstance& clock) {
  return clock.due <= s.now && clock.started_at < s.now;
}

ClockInstance& start(DecisionContext& s, const ClockDefinition& definition, Duration budget,
                     Instant at, std::string_view subject) {
  const auto& lead = *s.person.lead;
  auto name =
      clock_calendar({*s.policy.sla, *s.policy.routing, s.policy.calendars}, definition, s.person);
  const auto* found = s.policy.calendars.find(name);
  const auto& calendar = found != nullptr ? *found : BusinessCalendar::always();
  const Instant from = definition.from_event ? clamp(at, s.now) : s.now;
  auto clock = start_clock(definition, ++s.person.generations[definition.id], budget, from,
                           calendar, std::move(name), s.now);
  clock.owner = definition.of_marketing ? s.policy.sla->marketing : lead.owner;
  clock.team = s.team();
  clock.policy = s.policy.rules;
  if (definition.subject != ClockSubject::kLead) clock.subject = subject;
  if (came_too_late(s, clock)) clock.excused = "import";
  s.person.clocks.push_back(std::move(clock));
  auto& started = s.person.clocks.back();
  report_clock(s, started, "clock.started",
               {{"started_at", started.started_at}, {"type", to_string(lead.type)}});
  if (is_paused_at_once(s, definition)) pause_clock(started, s.now);
  return started;
}

Duration budget_of(const DecisionContext& s, const ClockDefinition& definition) {
  return definition.budgets[static_cast<std::size_t>(s.person.lead->type)];
}

void stop(DecisionContext& s, ClockInstance& clock, Instant at, std::string_view by) {
  mark_overdue(s, clock, at);
  const bool was_in_time = clock.breached_at && at <= clock.due;
  if (was_in_time) {
    clock.late_evidence = true;
    s.happened(joined({"clock.late_evidence.", clock.definition}));
    s.because("clock.late_evidence", joined({"sla.clocks.", clock.definition}),
              {{"clock", clock.definition}, {"at", at}});
  }
  end_clock(clock, at, ClockState::kStopped, by);
  clock.act_at.reset();
  report_clock(
      s, clock, "clock.stopped",
      {{"stopped_at", *clock.stopped_at}, {"late", clock.breached_at.has_value() && !was_in_time}});
  resolve_clock(s, clock, was_in_time ? NoticeKind::kCorrected : NoticeKind::kResolved);
}

void cancel(DecisionContext& s, ClockInstance& clock, Instant at, std::string_view why) {
  mark_overdue(s, clock, at);
  end_clock(clock, at, ClockState::kCancelled, why);
  clock.act_at.reset();
  report_clock(s, clock, "clock.cancelled", {{"why", why}});
}

void resume(DecisionContext& s, ClockInstance& clock, Instant at) {
  resume_clock(clock, s.definition(clock), s.calendar(clock), at);
  report_clock(s, clock, "clock.resumed");
}

// One clock that there was before the moment: what starts by it is none of them.
void apply_moment(DecisionContext& s, std::size_t i, ClockMoment moment, Instant at,
                  std::string_view by) {
  auto& clock = s.person.clocks[i];
  const auto& definition = s.definition(clock);
  if (definition.cancels_at(moment)) {
    cancel(s, clock, at, to_string(moment));
    resolve_clock(s, clock);
  } else if (definition.stops_at(moment)) {
    stop(s, clock, at, by);
  } else if (definition.resets_at(moment)) {
    const std::string subject = clock.subject;
    cancel(s, clock, at, "reset");
    if (const auto* today = s.policy.sla->find(definition.id))
      start(s, *today, budget_of(s, *today), at, subject);
  } else if (definition.resumes_at(moment) && clock.state == ClockState::kPaused) {
    resume(s, clock, at);
  }
}

}  // namespace

bool holds(const DecisionContext& s, PauseCondition condition) {
  const auto& lead = s.person.lead;
  if (!lead) return false;
  switch (condition) {
    case PauseCondition::kRework:
      return lead->hold == "rework";
    case PauseCondition::kWaitingForLead:
      return lead->work == WorkStatus::kWaitingForLead;
    case PauseCondition::kBlockedByLaw:
      return !lead->blocked.empty();
  }
  return false;
}

void stop_clocks(DecisionContext& s, ClockMoment moment, Instant at, std::string_view by,
                 std::string_view subject) {
  const std::size_t before = s.person.clocks.size();
  for (std::size_t i = 0; i < before; ++i) {
    if (!is_ended(s.person.clocks[i]) && concerns(s.person.clocks[i], subject))
      apply_moment(s, i, moment, at, by);
  }
}

void start_clocks(DecisionContext& s, ClockMoment moment, Instant at, std::string_view subject) {
  if (s.person.objected_at || !s.person.lead) return;
  for (const auto& definition : s.policy.sla->clocks) {
    if (!definition.starts_at(moment) || !fits(s, definition.when)) continue;
    const auto about = definition.subject == ClockSubject::kLead ? std::string_view() : subject;
    if (!is_running(s.person, definition.id, about))
      start(s, definition, budget_of(s, definition), at, about);
  }
}

void at_moment(DecisionContext& s, ClockMoment moment, Instant at, std::string_view by,
               std::string_view subject) {
  stop_clocks(s, moment, at, by, subject);
  start_clocks(s, moment, at, subject);
}

void pause_clocks(DecisionContext& s, PauseCondition condition, Instant at) {
  for (auto& clock : s.person.clocks) {
    if (clock.state != ClockState::kRunning || !s.definition(clock).pauses_on(condition)) continue;
    mark_overdue(s, clock, at);
    pause_clock(clock, at);
    report_clock(s, clock, "clock.paused", {{"why", to_string(condition)}});
  }
}

void resume_clocks(DecisionContext& s, PauseCondition condition, Instant at) {
  auto* lead = s.lead();
  if (lead == nullptr) return;
  if (condition == PauseCondition::kWaitingForLead && lead->work == WorkStatus::kWaitingForLead)
    lead->work = WorkStatus::kConnected;
  for (auto& clock : s.person.clocks) {
    const auto& definition = s.definition(clock);
    if (clock.state != ClockState::kPaused || !definition.pauses_on(condition)) continue;
    if (!is_paused_at_once(s, definition)) resume(s, clock, at);
  }
}

void reassign_clocks(DecisionContext& s, Instant at) {
  const std::size_t before = s.person.clocks.size();
  for (std::size_t i = 0; i < before; ++i) {
    auto& clock = s.person.clocks[i];
    const auto& definition = s.definition(clock);
    if (is_ended(clock) || definition.of_marketing || definition.on_reassign == OnReassign::kKeep)
      continue;
    const bool split = definition.on_reassign == OnReassign::kSplit;
    const auto used = clock_times(clock, s.calendar(clock), at).counted;
    const auto left = clock.budget - used;
    cancel(s, clock, at, split ? "split" : "reassigned");
    if (!split) continue;
    const auto* today = s.policy.sla->find(clock.definition);
    const std::string subject = clock.subject;
    // Whose share was used up leaves the next owner a whole one: nobody inherits a breach.
    if (today != nullptr) start(s, *today, left.ms > 0 ? left : budget_of(s, *today), at, subject);
  }
}

void tighten_clocks(DecisionContext& s, Intent type, Instant at) {
  std::vector<const ClockDefinition*> sooner;
  for (auto& clock : s.person.clocks) {
    const auto* definition = s.policy.sla->find(clock.definition);
    if (definition == nullptr || !definition->starts_at(ClockMoment::kMql) || is_ended(clock) ||
        clock.breached_at)
      continue;
    if (definition->budgets[static_cast<std::size_t>(type)] >= clock.budget) continue;
    end_clock(clock, clamp(at, s.now), ClockState::kCancelled, "asked_again");
    report_clock(s, clock, "clock.cancelled", {{"why", "asked_again"}});
    sooner.push_back(definition);
  }
  for (const auto* definition : sooner) start(s, *definition, budget_of(s, *definition), at, {});
}

void cancel_clocks(DecisionContext& s, std::string_view by) {
  for (auto& clock : s.person.clocks) {
    if (is_ended(clock)) continue;
    cancel(s, clock, s.now, by);
    resolve_clock(s, clock);
  }
}

void own_clocks(DecisionContext& s) {
  const auto& lead = *s.person.lead;
  for (auto& clock : s.person.clocks) {
    if (is_ended(clock)) continue;
    if (!s.definition(clock).of_marketing) clock.owner = lead.owner;
    clock.team = s.team();
  }
}

void retime_clocks(DecisionContext& s) {
  const auto mode = s.policy.sla->on_change;
  if (mode == OnChange::kNewOnly || !s.person.lead) return;
  for (auto& clock : s.person.clocks) {
    if (is_ended(clock) || clock.policy.empty() || clock.policy == s.policy.rules) continue;
    const auto* definition = s.policy.sla->find(clock.definition);
    if (definition == nullptr) continue;
    const auto old = std::find_if(s.policy.earlier.begin(), s.policy.earlier.end(),
                                  [&](const auto& r) { return r.id == clock.policy; });
    const auto* before =
        (old != s.policy.earlier.end() ? *old->calendars : s.policy.calendars).find(clock.calendar);
    const Instant due = clock.due;
    clock.calendar = definition->working_time
                         ? clock_calendar({*s.policy.sla, *s.policy.routing, s.policy.calendars},
                                          *definition, s.person)
                         : "";
    clock.policy = s.policy.rules;
    const auto* today = s.policy.calendars.find(clock.calendar);
    retime_clock(clock, *definition, budget_of(s, *definition),
                 before != nullptr ? *before : BusinessCalendar::always(),
                 today != nullptr ? *today : BusinessCalendar::always(), s.now,
                 mode == OnChange::kRetroactive);
    if (!clock.breached_at && clock.due < s.now) clock.excused = "policy";
    report_clock(s, clock, "clock.retimed", {{"before", due}, {"mode", to_string(mode)}});
  }
}

}  // namespace baton
