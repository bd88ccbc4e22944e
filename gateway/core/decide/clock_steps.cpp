#include <algorithm>

#include "gateway/core/decide/alert.h"
#include "gateway/core/decide/decision_context.h"
#include "mapping/json/json.h"

namespace baton {
namespace {

// Where the CRM is silent, a breach is looked at again so much later before anybody loses the lead,
// or after as long as the promise itself was for, where that is less.
constexpr Duration kAskCrmAgain = minutes(5);
constexpr Duration kAskCrmSoonest = seconds(1);

// Who is meant by a step's `to`, each once, nobody where there is none.
std::vector<std::string> audience(const DecisionContext& s, const ClockInstance& clock,
                                  const ClockStep& step) {
  std::vector<std::string> out;
  for (const auto& role : step.to) {
    std::string rep = role;
    if (role == "owner") rep = clock.owner.empty() ? s.team_lead() : clock.owner;
    if (role == "team_lead") rep = s.team_lead();
    if (role == "head") rep = s.head();
    if (role == "marketing") rep = s.policy.sla->marketing;
    if (!rep.empty() && std::find(out.begin(), out.end(), rep) == out.end())
      out.push_back(std::move(rep));
  }
  return out;
}

void tell(DecisionContext& s, NoticeKind kind, std::string_view recipient,
          const ClockInstance& clock, std::string_view level) {
  if (recipient.empty()) return;
  json::object more;
  const auto* due = std::get_if<ClockDue>(&s.event.body);
  if (due != nullptr && due->stale_since)
    more.emplace("feedback_stale_since", to_rfc3339(*due->stale_since));
  notify(s, kind, recipient, &clock, clock_key(s, clock, level, recipient), std::move(more));
}

NoticeKind kind_of(const ClockInstance& clock, const ClockStep& step) {
  const auto counted = step.counted(clock.budget);
  return counted < clock.budget    ? NoticeKind::kWarning
         : counted == clock.budget ? NoticeKind::kBreach
                                   : NoticeKind::kEscalation;
}

void tell_all(DecisionContext& s, const ClockInstance& clock, const ClockStep& step) {
  for (const auto& recipient : audience(s, clock, step))
    tell(s, kind_of(clock, step), recipient, clock, step.name());
}

// Notes the breach. Tracking goes on, unless the definition wants its end; a breach is never
// undone.
void note_breach(DecisionContext& s, ClockInstance& clock) {
  clock.breached_at = clock.due;
  report_clock(s, clock, "clock.breached");
}

void note_step(DecisionContext& s, ClockInstance& clock, const ClockStep& step) {
  const auto kind = kind_of(clock, step);
  if (kind == NoticeKind::kBreach) return note_breach(s, clock);
  const std::string_view code = kind == NoticeKind::kWarning ? "clock.warned" : "clock.escalated";
  report_clock(s, clock, code, {{"percent", clock.level}, {"step", step.name()}});
}

bool may_reassign(DecisionContext& s) {
  const auto& lead = *s.lead();
  const auto lapses =
      std::count_if(lead.handovers.begin(), lead.handovers.end(),
                    [](const Handover& h) { return h.state == HandoverState::kExpired; });
  if (lapses < s.policy.sla->reassign_on_breach && may_pass_on(s)) return true;
  s.happened("reassign.refused");
  s.because("reassign.refused", "sla.reassign",
            {{"lapses", lapses}, {"handovers", lead.handovers.size()}});
  return false;
}

void reassign(DecisionContext& s, const ClockInstance& clock) {
  if (!may_reassign(s)) return;
  tell(s, NoticeKind::kReassigned, s.lead()->owner, clock, "reassigned");
  pass_on(s, HandoverState::kExpired, clock.id);
}

// What the policy wants done about a breach, as long as the lead is still only offered. While the
// CRM is silent, or Baton itself was away, the lead stays where it is a little: the call may have
// been made.
void act_on_breach(DecisionContext& s, ClockInstance& clock, std::optional<Instant> stale_since,
                   bool first) {
  const auto action = s.definition(clock).on_breach;
  auto* lead = s.lead();
  if (lead == nullptr || lead->stage != Stage::kMql || s.handover() == nullptr ||
      action == OnBreach::kNone)
    return;
  if (!clock.excused.empty() && clock.excused != "downtime") {
    s.happened("reassign.excused");
    return s.because("reassign.excused", "sla.reassign", {{"why", clock.excused}});
  }
  if (action == OnBreach::kReassign && (stale_since || (first && clock.excused == "downtime"))) {
    clock.act_at = s.now + std::min(kAskCrmAgain, std::max(clock.budget, kAskCrmSoonest));
    s.happened("reassign.waits");
    s.because("reassign.waits", "sla.reassign",
              {{"why", stale_since ? "feedback_stale" : "downtime"}, {"until", *clock.act_at}});
    return;
  }
  const ClockInstance breached = clock;  // what follows may end the clock or start others
  switch (action) {
    case OnBreach::kNone:
      return;
    case OnBreach::kAccept:
      return accept_handover(s, s.now, true, breached.id);
    case OnBreach::kRecycle:
      close_episode(s, "T9", Stage::kNurture, "offer_expired");
      return;
    case OnBreach::kReassign:
      return reassign(s, breached);
  }
}

// A step that comes much too late is no rep's fault: Baton was not there to tell anybody.
void excuse_downtime(DecisionContext& s, ClockInstance& clock, Instant fired) {
  if (clock.excused.empty() && !clock.breached_at && s.now - fired > s.policy.sla->downtime_after)
    clock.excused = "downtime";
}

// The policy may have changed since the timer was set: what is not due yet by its steps waits on.
bool is_early(DecisionContext& s, ClockInstance& clock, const ClockStep* step, Instant fired) {
  std::optional<Instant> at;
  if (step != nullptr)
    at = step->percent == 100 ? std::optional(clock.due)
                              : step_instant(clock, s.calendar(clock), *step);
  if (at && *at <= fired) return false;
  clock.next = at;
  report_clock(s, clock, "clock.rescheduled");
  return true;
}

ClockInstance* find_clock(DecisionContext& s, std::string_view id) {
  for (auto& clock : s.person.clocks) {
    if (clock.id == id) return &clock;
  }
  return nullptr;
}

// Where the definition wants no tracking: over, once what the breach brings has been done.
void end_with_breach(DecisionContext& s, std::string_view id) {
  auto* clock = find_clock(s, id);
  if (clock == nullptr || clock->act_at || is_ended(*clock) || s.definition(*clock).track_late)
    return;
  end_clock(*clock, clock->due, ClockState::kStopped, "breach");
}

// All steps that are due by now, of which only the last is told: after an hour of silence one
// message says how things stand, not three in a row.
void run_steps(DecisionContext& s, ClockInstance& clock, Instant fired) {
  const auto& definition = s.definition(clock);
  const auto* step = next_step(clock, definition);
  if (is_early(s, clock, step, fired)) return;
  excuse_downtime(s, clock, fired);
  const bool before = !clock.breached_at;
  const ClockStep* last = nullptr;
  for (bool due = true; due && step != nullptr; step = next_step(clock, definition)) {
    advance_clock(clock, definition, s.calendar(clock), *step);
    note_step(s, clock, *step);
    last = step;
    due = clock.next && *clock.next <= s.now;
  }
  tell_all(s, clock, *last);
  if (!before || !clock.breached_at) return;
  const auto* event = std::get_if<ClockDue>(&s.event.body);
  const std::string id = clock.id;
  act_on_breach(s, clock, event != nullptr ? event->stale_since : std::nullopt, true);
  end_with_breach(s, id);
}

void ignore(DecisionContext& s, std::string_view clock) {
  s.because("clock.ignored", {}, {{"clock", clock}});
}

// The breach waited for news of the CRM: they came, or they did not.
void act_due(DecisionContext& s, std::string_view id, const ClockDue& event) {
  auto* clock = find_clock(s, id);
  if (clock == nullptr || is_ended(*clock) || clock->act_at != event.due)
    return ignore(s, event.clock);
  s.changed();
  // While marketing corrects the data, or the lead asked to wait, nobody loses it.
  if (clock->state == ClockState::kPaused) {
    clock->act_at = s.now + kAskCrmAgain;
    return;
  }
  clock->act_at.reset();
  act_on_breach(s, *clock, event.stale_since, false);
  end_with_breach(s, id);
}

void snooze_due(DecisionContext& s, std::string_view id, const ClockDue& event) {
  auto* clock = find_clock(s, id);
  if (clock == nullptr || is_ended(*clock) || next_waking(*clock) != event.due)
    return ignore(s, event.clock);
  s.changed();
  s.happened("alert.woken");
  for (const auto& who : expire_snoozes(*clock, event.due))
    tell(s, clock->breached_at ? NoticeKind::kBreach : NoticeKind::kWarning, who, *clock,
         joined({"snoozed:", to_rfc3339(event.due)}));
}

void score_due(DecisionContext& s, Instant due) {
  if (s.person.score.next_crossing != due) return ignore(s, "score");
  s.changed();
  s.person.score.next_crossing.reset();
  if (rescore(s)) s.push = true;
  consider_mql(
      s, Trigger{s.now, s.person.lead ? s.person.lead->type : Intent::kInformational, {}, {}});
}

void wake_due(DecisionContext& s, Instant due) {
  auto& lead = s.person.lead;
  if (!lead || lead->stage != Stage::kNurture || lead->revisit_at != due) return ignore(s, "wake");
  s.changed();
  lead->revisit_at.reset();
  consider_mql(s, Trigger{s.now, lead->type, {}, "lifecycle.nurture.wake"});
}

void route_due(DecisionContext& s, Instant due) {
  auto* lead = s.lead();
  if (lead == nullptr || lead->ask_again_at != due) return ignore(s, "route");
  s.changed();
  lead->ask_again_at.reset();
  if (lead->owner.empty() && lead->open_request.empty()) ask_for_owner(s);
}

// The alert somebody speaks of: their clock by its id, else the one that matters most.
ClockInstance* alerted(DecisionContext& s, const SalesFeedback& f) {
  ClockInstance* found = nullptr;
  for (auto& clock : s.person.clocks) {
    if (is_ended(clock) || (!f.clock.empty() && clock.id != f.clock)) continue;
    if (found == nullptr || (clock.breached_at && !found->breached_at) ||
        (clock.breached_at == found->breached_at && clock.due < found->due))
      found = &clock;
  }
  return found;
}

ClockInstance* answered_clock(DecisionContext& s, const SalesFeedback& f, std::string_view wanted) {
  auto* clock = alerted(s, f);
  if (clock == nullptr) refuse(s, wanted, "no_such_clock");
  if (clock != nullptr && !may_answer(s.policy, s.person, *clock, f.rep)) {
    refuse(s, wanted, "not_a_recipient");
    clock = nullptr;
  }
  return clock;
}

}  // namespace

void report_clock(DecisionContext& s, const ClockInstance& clock, std::string_view code,
                  std::initializer_list<Fact> more) {
  s.happened(joined({code, ".", clock.definition}));
  s.out.reasons.add(code, "sla.clocks.", clock.definition,
                    {{"clock", clock.definition},
                     {"id", clock.id},
                     {"due", clock.due},
                     {"budget_ms", clock.budget.ms},
                     {"unit", clock.working_time ? "working" : "wall"},
                     {"calendar", FactValue::if_said(clock.calendar)},
                     {"owner", FactValue::if_said(clock.owner)},
                     {"about", FactValue::if_said(clock.subject)},
                     {"excused", FactValue::if_said(clock.excused)}},
                    more);
  s.changed();
}

void mark_overdue(DecisionContext& s, ClockInstance& clock, Instant at) {
  if (clock.state != ClockState::kRunning || clock.breached_at || at <= clock.due) return;
  const ClockStep breach{100, {}, {"owner", "team_lead"}};
  const auto& steps = s.definition(clock).steps;
  const auto found = std::find_if(steps.begin(), steps.end(),
                                  [](const ClockStep& step) { return step.percent == 100; });
  const auto& step = found != steps.end() ? *found : breach;
  excuse_downtime(s, clock, clock.next.value_or(clock.due));  // its timer should have come long ago
  clock.level = 100;
  clock.done = clock.budget;
  note_breach(s, clock);
  tell_all(s, clock, step);
}

void resolve_clock(DecisionContext& s, const ClockInstance& clock, NoticeKind kind) {
  if (clock.breached_at) tell_the_told(s, kind, clock);
}

void decide_clock(DecisionContext& s, const ClockDue& event) {
  if (event.clock == "score") return score_due(s, event.due);
  if (event.clock == "wake") return wake_due(s, event.due);
  if (event.clock == "route") return route_due(s, event.due);
  if (event.clock == "meeting") return meeting_due(s, event.due);
  if (event.clock == "opt_in") return opt_in_due(s, event.due);
  if (event.clock == "cool_down") return cool_down_due(s, event.due);
  if (event.clock.starts_with("task:")) return task_due(s, event);
  const auto colon = event.clock.find(':');
  const std::string_view id =
      std::string_view(event.clock).substr(colon == std::string::npos ? 0 : colon + 1);
  if (event.clock.starts_with("act:")) return act_due(s, id, event);
  if (event.clock.starts_with("snooze:")) return snooze_due(s, id, event);
  auto* clock = find_clock(s, event.clock);
  if (clock == nullptr || clock->state != ClockState::kRunning || clock->next != event.due)
    return ignore(s, event.clock);
  run_steps(s, *clock, event.due);
}

void acknowledge(DecisionContext& s, const SalesFeedback& f) {
  auto* clock = answered_clock(s, f, "acknowledged");
  if (clock == nullptr) return;
  note_answer(*clock, f.rep, std::nullopt);
  s.happened("alert.acknowledged");
  s.because("alert.acknowledged", joined({"sla.clocks.", clock->definition}),
            {{"rep", f.rep}, {"clock", clock->definition}});
}

void snooze(DecisionContext& s, const SalesFeedback& f) {
  if (f.reason.empty() && f.note.empty()) return refuse(s, "snoozed", "reason_missing");
  if (!f.wake_at || *f.wake_at <= s.now) return refuse(s, "snoozed", "no_time");
  auto* clock = answered_clock(s, f, "snoozed");
  if (clock == nullptr) return;
  note_answer(*clock, f.rep, f.wake_at);
  s.happened("alert.snoozed");
  s.because(
      "alert.snoozed", joined({"sla.clocks.", clock->definition}),
      {{"rep", f.rep}, {"clock", clock->definition}, {"until", *f.wake_at}, {"reason", f.reason}});
}

}  // namespace baton
