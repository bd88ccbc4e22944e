#include "gateway/core/decision/clocks.h"

#include <algorithm>
#include <cassert>

#include "gateway/core/decision/clock_rules.h"
#include "gateway/core/decision/joined.h"
#include "gateway/core/decision/lead_team.h"
#include "gateway/core/sla/clock_calendar.h"
#include "gateway/core/sla/sla_clock.h"

namespace baton {
namespace {

bool lists(const std::vector<std::string>& wanted, std::string_view value) {
  return wanted.empty() || std::find(wanted.begin(), wanted.end(), value) != wanted.end();
}

bool is_running(const std::vector<ClockInstance>& clocks, std::string_view definition,
                std::string_view subject) {
  return std::any_of(clocks.begin(), clocks.end(), [&](const auto& c) {
    return c.definition == definition && c.subject == subject && !is_ended(c);
  });
}

// Whether a moment of `subject` is about this clock.
bool concerns(const ClockInstance& clock, std::string_view subject) {
  return clock.subject.empty() || subject.empty() || clock.subject == subject;
}

// The touch is older than the budget (an import, or deliveries sent again), so the clock is
// breached when it starts. The breach counts against no rep.
bool starts_overdue(const ClockInstance& clock, Instant now) {
  return clock.due <= now && clock.started_at < now;
}

const BusinessCalendar& find_calendar(const CalendarSet& calendars, std::string_view name) {
  const auto* found = calendars.find(name);
  return found != nullptr ? *found : BusinessCalendar::always();
}

}  // namespace

bool Clocks::fits(const ClockGuard& when) const {
  assert(person_.lead);
  const auto& lead = *person_.lead;
  return lists(when.types, to_string(lead.type)) && lists(when.grades, person_.score.grade) &&
         lists(when.pools, lead.pool) && lists(when.rules, lead.route_rule);
}

bool Clocks::holds(PauseCondition condition) const {
  const auto& lead = person_.lead;
  if (!lead) return false;
  switch (condition) {
    case PauseCondition::kRework:
      return is_in_rework(*lead);
    case PauseCondition::kWaitingForLead:
      return lead->work == WorkStatus::kWaitingForLead;
    case PauseCondition::kBlockedByLaw:
      return !lead->blocked.empty();
  }
  return false;
}

bool Clocks::is_paused_at_once(const ClockDefinition& definition) const {
  for (int i = 0; i < kPauseConditions; ++i) {
    const auto condition = static_cast<PauseCondition>(i);
    if (definition.pauses_on(condition) && holds(condition)) return true;
  }
  return false;
}

Duration Clocks::budget_of(const ClockDefinition& definition) const {
  assert(person_.lead);
  return definition.budgets[static_cast<std::size_t>(person_.lead->type)];
}

std::string Clocks::calendar_name(const ClockDefinition& definition) const {
  return clock_calendar({*policy_.sla, *policy_.routing, policy_.calendars}, definition, person_);
}

void Clocks::start_one(const ClockDefinition& definition, Duration budget, Instant at,
                       std::string_view subject) {
  assert(person_.lead);
  const auto& lead = *person_.lead;
  auto name = calendar_name(definition);
  const auto& calendar = find_calendar(policy_.calendars, name);
  const Instant from = definition.from_event ? std::min(at, now_) : now_;
  auto clock = start_clock(definition, ++generations_[definition.id], budget, from, calendar,
                           std::move(name), now_);
  clock.owner = definition.of_marketing ? policy_.sla->marketing : lead.owner;
  clock.team = team_of(policy_, person_);
  clock.policy = policy_.rules;
  if (definition.subject != ClockSubject::kLead) clock.subject = subject;
  if (starts_overdue(clock, now_)) clock.excused = "import";
  clocks_.push_back(std::move(clock));
  auto& started = clocks_.back();
  steps_.report(started, "clock.started",
                {{"started_at", started.started_at}, {"type", to_string(lead.type)}});
  if (is_paused_at_once(definition)) pause_clock(started, now_);
}

void Clocks::note_late_evidence(ClockInstance& clock, Instant at) {
  clock.late_evidence = true;
  sink_.happened(joined({"clock.late_evidence.", clock.definition}));
  sink_.because("clock.late_evidence", joined({"sla.clocks.", clock.definition}),
                {{"clock", clock.definition}, {"at", at}});
}

void Clocks::stop_one(ClockInstance& clock, Instant at, std::string_view by) {
  steps_.mark_overdue(clock, at);
  const bool was_in_time = clock.breached_at && at <= clock.due;
  if (was_in_time) note_late_evidence(clock, at);
  end_clock(clock, at, ClockState::kStopped, by);
  clock.act_at.reset();
  steps_.report(
      clock, "clock.stopped",
      {{"stopped_at", *clock.stopped_at}, {"late", clock.breached_at.has_value() && !was_in_time}});
  steps_.resolve(clock, was_in_time ? NoticeKind::kCorrected : NoticeKind::kResolved);
}

void Clocks::cancel_one(ClockInstance& clock, Instant at, std::string_view why) {
  steps_.mark_overdue(clock, at);
  end_clock(clock, at, ClockState::kCancelled, why);
  clock.act_at.reset();
  steps_.report(clock, "clock.cancelled", {{"why", why}});
}

void Clocks::resume_one(ClockInstance& clock, Instant at) {
  resume_clock(clock, definition_of(policy_, clock), calendar_of(policy_, clock), at);
  steps_.report(clock, "clock.resumed");
}

void Clocks::apply(std::size_t index, ClockMoment moment, Instant at, std::string_view by) {
  auto& clock = clocks_[index];
  const auto& definition = definition_of(policy_, clock);
  if (definition.cancels_at(moment)) {
    cancel_one(clock, at, to_string(moment));
    steps_.resolve(clock);
  } else if (definition.stops_at(moment)) {
    stop_one(clock, at, by);
  } else if (definition.resets_at(moment)) {
    const std::string subject = clock.subject;
    cancel_one(clock, at, "reset");
    if (const auto* today = policy_.sla->find(definition.id))
      start_one(*today, budget_of(*today), at, subject);
  } else if (definition.resumes_at(moment) && clock.state == ClockState::kPaused) {
    resume_one(clock, at);
  }
}

void Clocks::stop(ClockMoment moment, Instant at, std::string_view by, std::string_view subject) {
  const std::size_t before = clocks_.size();  // the moment does not apply to clocks it starts
  for (std::size_t i = 0; i < before; ++i) {
    if (!is_ended(clocks_[i]) && concerns(clocks_[i], subject)) apply(i, moment, at, by);
  }
}

void Clocks::start(ClockMoment moment, Instant at, std::string_view subject) {
  if (person_.objected_at || !person_.lead) return;
  for (const auto& definition : policy_.sla->clocks) {
    if (!definition.starts_at(moment) || !fits(definition.when)) continue;
    const auto about = definition.subject == ClockSubject::kLead ? std::string_view() : subject;
    if (!is_running(clocks_, definition.id, about))
      start_one(definition, budget_of(definition), at, about);
  }
}

void Clocks::at_moment(ClockMoment moment, Instant at, std::string_view by,
                       std::string_view subject) {
  stop(moment, at, by, subject);
  start(moment, at, subject);
}

void Clocks::pause(PauseCondition condition, Instant at) {
  for (auto& clock : clocks_) {
    if (clock.state != ClockState::kRunning || !definition_of(policy_, clock).pauses_on(condition))
      continue;
    steps_.mark_overdue(clock, at);
    pause_clock(clock, at);
    steps_.report(clock, "clock.paused", {{"why", to_string(condition)}});
  }
}

void Clocks::resume(PauseCondition condition, Instant at) {
  if (open_lead(person_) == nullptr) return;
  for (auto& clock : clocks_) {
    const auto& definition = definition_of(policy_, clock);
    if (clock.state != ClockState::kPaused || !definition.pauses_on(condition)) continue;
    if (!is_paused_at_once(definition)) resume_one(clock, at);
  }
}

void Clocks::reassign(Instant at) {
  const std::size_t before = clocks_.size();
  for (std::size_t i = 0; i < before; ++i) {
    auto& clock = clocks_[i];
    const auto& definition = definition_of(policy_, clock);
    if (is_ended(clock) || definition.of_marketing || definition.on_reassign == OnReassign::kKeep)
      continue;
    const bool split = definition.on_reassign == OnReassign::kSplit;
    const auto left = clock.budget - clock_times(clock, calendar_of(policy_, clock), at).counted;
    cancel_one(clock, at, split ? "split" : "reassigned");
    if (!split) continue;
    const auto* today = policy_.sla->find(clock.definition);
    const std::string subject = clock.subject;
    // If nothing is left, the next owner gets the whole budget and does not inherit the breach.
    if (today != nullptr) start_one(*today, left.ms > 0 ? left : budget_of(*today), at, subject);
  }
}

void Clocks::tighten(Intent type, Instant at) {
  std::vector<const ClockDefinition*> sooner;
  for (auto& clock : clocks_) {
    const auto* definition = policy_.sla->find(clock.definition);
    if (definition == nullptr || !definition->starts_at(ClockMoment::kMql) || is_ended(clock) ||
        clock.breached_at)
      continue;
    if (definition->budgets[static_cast<std::size_t>(type)] >= clock.budget) continue;
    end_clock(clock, std::min(at, now_), ClockState::kCancelled, "asked_again");
    steps_.report(clock, "clock.cancelled", {{"why", "asked_again"}});
    sooner.push_back(definition);
  }
  for (const auto* definition : sooner) start_one(*definition, budget_of(*definition), at, {});
}

void Clocks::cancel_all(std::string_view why) {
  for (auto& clock : clocks_) {
    if (is_ended(clock)) continue;
    cancel_one(clock, now_, why);
    steps_.resolve(clock);
  }
}

void Clocks::follow_owner() {
  assert(person_.lead);
  for (auto& clock : clocks_) {
    if (is_ended(clock)) continue;
    if (!definition_of(policy_, clock).of_marketing) clock.owner = person_.lead->owner;
    clock.team = team_of(policy_, person_);
  }
}

void Clocks::retime() {
  if (policy_.sla->on_change == OnChange::kNewOnly || !person_.lead) return;
  for (auto& clock : clocks_) {
    if (is_ended(clock) || clock.policy.empty() || clock.policy == policy_.rules) continue;
    if (const auto* definition = policy_.sla->find(clock.definition))
      retime_one(clock, *definition);
  }
}

void Clocks::retime_one(ClockInstance& clock, const ClockDefinition& definition) {
  const auto mode = policy_.sla->on_change;
  const auto old = std::find_if(policy_.earlier.begin(), policy_.earlier.end(),
                                [&](const auto& rules) { return rules.id == clock.policy; });
  const auto& before = find_calendar(
      old != policy_.earlier.end() ? *old->calendars : policy_.calendars, clock.calendar);
  const Instant due = clock.due;
  clock.calendar = definition.working_time ? calendar_name(definition) : "";
  clock.policy = policy_.rules;
  retime_clock(clock, definition, budget_of(definition), before,
               find_calendar(policy_.calendars, clock.calendar), now_,
               mode == OnChange::kRetroactive);
  if (!clock.breached_at && clock.due < now_) clock.excused = "policy";
  steps_.report(clock, "clock.retimed", {{"before", due}, {"mode", to_string(mode)}});
}

void Clocks::correct(const Handover& handover, Instant at) {
  for (auto& clock : clocks_) {
    if (!is_ended(clock) || !clock.breached_at || clock.late_evidence || at > clock.due) continue;
    const auto& definition = definition_of(policy_, clock);
    const bool answered =
        definition.stops_on_contact() || definition.stops_at(ClockMoment::kAccepted);
    if (!answered || (!clock.subject.empty() && clock.subject != handover.id)) continue;
    note_late_evidence(clock, at);
    steps_.resolve(clock, NoticeKind::kCorrected);
  }
}

ClockInstance* Clocks::find(const ClockId& id) {
  const auto found = std::find_if(clocks_.begin(), clocks_.end(),
                                  [&](const ClockInstance& clock) { return clock.id == id; });
  return found == clocks_.end() ? nullptr : &*found;
}

}  // namespace baton
