#include <algorithm>

#include "gateway/core/decide_step.h"

namespace baton {
namespace {

// What a clock goes by whose definition has left the policy: it still breaches, nothing else.
const ClockDefinition& definition_of(const DecideStep& s, const ClockInstance& clock) {
  static const ClockDefinition kGone;
  const auto* found = s.policy.sla->find(clock.definition);
  return found != nullptr ? *found : kGone;
}

// A reason that names the clock, with what it is and `more`. `code` is "clock.started", ...
void note_clock(DecideStep& s, const ClockInstance& clock, std::string_view code, std::initializer_list<Fact> more = {}) {
  s.out.reasons.begin(code, "sla.clocks.", clock.definition)
      .facts({{"clock", clock.definition}, {"id", clock.id}, {"due", clock.due}, {"budget_ms", clock.budget.ms},
              {"unit", clock.working_time ? "working" : "wall"}})
      .fact_if_said("calendar", clock.calendar)
      .fact_if_said("owner", clock.owner)
      .facts(more);
  s.changed();
}

void report(DecideStep& s, const ClockInstance& clock, std::string_view code, std::initializer_list<Fact> more = {}) {
  s.happened(joined({code, ".", clock.definition}));
  note_clock(s, clock, code, more);
}

std::string calendar_name(const DecideStep& s, const ClockDefinition& definition) {
  if (definition.calendar != "rep") return definition.calendar;
  const auto* rep = s.policy.routing->rep(s.person.lead->owner);
  const auto own = rep != nullptr ? s.policy.routing->calendar_of(*rep) : std::string_view();
  return own.empty() ? s.policy.sla->calendar : std::string(own);
}

void start(DecideStep& s, const ClockDefinition& definition, Instant at) {
  const auto& lead = *s.person.lead;
  ClockDefinition named = definition;
  named.calendar = calendar_name(s, definition);
  const auto* found = s.policy.calendars.find(named.calendar);
  const auto& calendar = found != nullptr ? *found : BusinessCalendar::always();
  const auto generation = ++s.person.generations[definition.id];
  auto clock = start_clock(named, generation, definition.budgets[static_cast<std::size_t>(lead.type)],
                           clamp(at, s.now), calendar, s.now);
  clock.owner = lead.owner;
  clock.team = s.team();
  s.person.clocks.push_back(std::move(clock));
  const auto& started = s.person.clocks.back();
  report(s, started, "clock.started", {{"started_at", started.started_at}, {"type", to_string(lead.type)}});
}

bool is_running(const PersonState& person, std::string_view definition) {
  return std::any_of(person.clocks.begin(), person.clocks.end(),
                     [&](const auto& c) { return c.definition == definition && !is_ended(c); });
}

void tell(DecideStep& s, NoticeKind kind, const std::string& recipient, const ClockInstance& clock,
          std::string_view level) {
  if (recipient.empty()) return;
  notify(s, kind, recipient, &clock, clock_key(s, clock, level, recipient));
}

void warn(DecideStep& s, ClockInstance& clock, int percent) {
  report(s, clock, "clock.warned", {{"percent", percent}});
  tell(s, NoticeKind::kWarning, clock.owner.empty() ? s.team_lead() : clock.owner, clock, std::to_string(percent));
}

// Notes the breach and tells owner and team lead. Tracking goes on; a breach is never undone.
void breach(DecideStep& s, ClockInstance& clock) {
  clock.breached_at = clock.due;
  report(s, clock, "clock.breached");
  tell(s, NoticeKind::kBreach, clock.owner, clock, "100");
  if (const auto lead = s.team_lead(); lead != clock.owner) tell(s, NoticeKind::kBreach, lead, clock, "100");
}

void escalate(DecideStep& s, ClockInstance& clock, int percent) {
  report(s, clock, "clock.escalated", {{"percent", percent}});
  tell(s, NoticeKind::kEscalation, s.head(), clock, std::to_string(percent));
}

// What the policy wants done about a breach, as long as the lead is still only offered.
void act_on_breach(DecideStep& s, OnBreach action, const ClockInstance& clock) {
  auto* lead = s.lead();
  if (lead == nullptr || lead->stage != Stage::kMql || s.handover() == nullptr) return;
  const std::string id = clock.id;
  switch (action) {
    case OnBreach::kNone: return;
    case OnBreach::kAccept: return accept_handover(s, s.now, true, id);
    case OnBreach::kRecycle: close_episode(s, "T9", Stage::kNurture, "offer_expired"); return;
    case OnBreach::kReassign: break;
  }
  const auto lapses = std::count_if(lead->handovers.begin(), lead->handovers.end(),
                                    [](const Handover& h) { return h.state == HandoverState::kExpired; });
  if (lapses >= s.policy.sla->reassign_on_breach || !may_pass_on(s)) {
    s.happened("reassign.refused");
    return s.because("reassign.refused", "sla.reassign", {{"lapses", lapses}, {"handovers", lead->handovers.size()}});
  }
  const std::string rep = lead->owner;
  tell(s, NoticeKind::kReassigned, rep, clock, "reassigned");
  pass_on(s, HandoverState::kExpired, id);
}

// The policy may have changed since the timer was set: what is not due yet by today's steps waits on.
bool is_early(DecideStep& s, ClockInstance& clock, int percent, Instant fired) {
  const auto at = percent == 0     ? std::nullopt
                  : percent == 100 ? std::optional(clock.due)
                                   : clock_step(clock, s.calendar(clock), percent);
  if (at && *at <= fired) return false;
  clock.next = at;
  note_clock(s, clock, "clock.rescheduled");
  return true;
}

void step(DecideStep& s, ClockInstance& clock, Instant fired) {
  const auto& definition = definition_of(s, clock);
  const int percent = definition.step_after(clock.level);
  if (is_early(s, clock, percent, fired)) return;
  advance_clock(clock, definition, s.calendar(clock), percent);
  if (percent < 100) return warn(s, clock, percent);
  if (percent > 100) return escalate(s, clock, percent);
  const ClockInstance breached = clock;   // what follows may end the clock or start others
  breach(s, clock);
  act_on_breach(s, definition.on_breach, breached);
}

// A stop or pause behind the due time, before the timer fired: the breach counts all the same.
void settle(DecideStep& s, ClockInstance& clock, Instant at) {
  if (clock.state != ClockState::kRunning || clock.breached_at || at <= clock.due) return;
  clock.level = 100;
  breach(s, clock);
}

void resolve(DecideStep& s, const ClockInstance& clock) {
  if (clock.breached_at) tell_the_told(s, NoticeKind::kResolved, clock);
}

void stop(DecideStep& s, ClockInstance& clock, Instant at, std::string_view by) {
  settle(s, clock, at);
  if (clock.breached_at && at <= clock.due) {
    clock.late_evidence = true;
    s.out.reasons.begin("clock.late_evidence", "sla.clocks.", clock.definition).facts({{"clock", clock.definition}, {"at", at}});
  }
  end_clock(clock, at, ClockState::kStopped, by);
  report(s, clock, "clock.stopped", {{"stopped_at", *clock.stopped_at}, {"late", clock.breached_at.has_value()}});
  resolve(s, clock);
}

void score_due(DecideStep& s, Instant due) {
  if (s.person.score.next_crossing != due) return s.because("clock.ignored", {}, {{"clock", "score"}});
  s.changed();
  s.person.score.next_crossing.reset();
  if (rescore(s)) s.push = true;
  consider_mql(s, Trigger{s.now, s.person.lead ? s.person.lead->type : Intent::kInformational, {}, {}});
}

void wake_due(DecideStep& s, Instant due) {
  auto& lead = s.person.lead;
  if (!lead || lead->stage != Stage::kNurture || lead->wake_at != due)
    return s.because("clock.ignored", {}, {{"clock", "wake"}});
  s.changed();
  lead->wake_at.reset();
  consider_mql(s, Trigger{s.now, lead->type, {}, "lifecycle.nurture.wake"});
}

void route_due(DecideStep& s, Instant due) {
  auto* lead = s.lead();
  if (lead == nullptr || lead->ask_again_at != due) return s.because("clock.ignored", {}, {{"clock", "route"}});
  s.changed();
  lead->ask_again_at.reset();
  if (lead->owner.empty() && lead->open_request.empty()) ask_for_owner(s);
}

}  // namespace

void decide_clock(DecideStep& s, const ClockDue& event) {
  if (event.clock == "score") return score_due(s, event.due);
  if (event.clock == "wake") return wake_due(s, event.due);
  if (event.clock == "route") return route_due(s, event.due);
  for (auto& clock : s.person.clocks) {
    if (clock.id == event.clock && clock.state == ClockState::kRunning && clock.next == event.due)
      return step(s, clock, event.due);
  }
  s.because("clock.ignored", {}, {{"clock", event.clock}});
}

void start_clocks(DecideStep& s, ClockMoment moment, Instant at) {
  if (s.person.objected_at) return;
  for (const auto& definition : s.policy.sla->clocks) {
    if (definition.start == moment && !is_running(s.person, definition.id)) start(s, definition, at);
  }
}

void stop_clocks(DecideStep& s, ClockMoment moment, Instant at, std::string_view by) {
  for (auto& clock : s.person.clocks) {
    if (!is_ended(clock) && definition_of(s, clock).stops_at(moment)) stop(s, clock, at, by);
  }
}

void pause_clocks(DecideStep& s, PauseCondition condition, Instant at) {
  for (auto& clock : s.person.clocks) {
    if (clock.state != ClockState::kRunning || !definition_of(s, clock).pauses_on(condition)) continue;
    settle(s, clock, at);
    pause_clock(clock, at);
    report(s, clock, "clock.paused", {{"why", condition == PauseCondition::kRework ? "rework" : "waiting_for_lead"}});
  }
}

void resume_clocks(DecideStep& s, PauseCondition condition, Instant at) {
  auto* lead = s.lead();
  if (lead == nullptr) return;
  if (condition == PauseCondition::kWaitingForLead && lead->work == WorkStatus::kWaitingForLead)
    lead->work = WorkStatus::kConnected;
  for (auto& clock : s.person.clocks) {
    const auto& definition = definition_of(s, clock);
    if (clock.state != ClockState::kPaused || !definition.pauses_on(condition)) continue;
    const bool still = (definition.pauses_on(PauseCondition::kRework) && lead->held == "rework") ||
                       (definition.pauses_on(PauseCondition::kWaitingForLead) && lead->work == WorkStatus::kWaitingForLead);
    if (still) continue;
    resume_clock(clock, definition, s.calendar(clock), at);
    report(s, clock, "clock.resumed");
  }
}

void restart_clocks(DecideStep& s, Instant at) {
  for (auto& clock : s.person.clocks) {
    if (is_ended(clock) || definition_of(s, clock).on_reassign != OnReassign::kRestart) continue;
    settle(s, clock, at);
    end_clock(clock, at, ClockState::kCancelled, "reassigned");
    report(s, clock, "clock.cancelled", {{"why", "reassigned"}});
  }
}

void tighten_clocks(DecideStep& s, Intent type, Instant at) {
  std::vector<const ClockDefinition*> sooner;
  for (auto& clock : s.person.clocks) {
    const auto* definition = s.policy.sla->find(clock.definition);
    if (definition == nullptr || definition->start != ClockMoment::kMql || is_ended(clock) || clock.breached_at) continue;
    if (definition->budgets[static_cast<std::size_t>(type)] >= clock.budget) continue;
    end_clock(clock, clamp(at, s.now), ClockState::kCancelled, "asked_again");
    report(s, clock, "clock.cancelled", {{"why", "asked_again"}});
    sooner.push_back(definition);
  }
  for (const auto* definition : sooner) start(s, *definition, at);
}

void cancel_clocks(DecideStep& s, std::string_view by) {
  for (auto& clock : s.person.clocks) {
    if (is_ended(clock)) continue;
    settle(s, clock, s.now);
    end_clock(clock, s.now, ClockState::kCancelled, by);
    report(s, clock, "clock.cancelled", {{"why", by}});
    resolve(s, clock);
  }
}

void own_clocks(DecideStep& s) {
  const auto& lead = *s.person.lead;
  for (auto& clock : s.person.clocks) {
    if (is_ended(clock)) continue;
    clock.owner = lead.owner;
    clock.team = s.team();
  }
}

}  // namespace baton
