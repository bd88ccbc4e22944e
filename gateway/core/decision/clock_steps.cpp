#include "gateway/core/decision/clock_steps.h"

#include <algorithm>
#include <cassert>

#include "gateway/core/decision/clock_rules.h"
#include "gateway/core/decision/joined.h"
#include "gateway/core/decision/lead_team.h"
#include "gateway/core/sla/sla_clock.h"
#include "mapping/json/json.h"

namespace baton {
namespace {

NoticeKind kind_of(const ClockInstance& clock, const ClockStep& step) {
  const auto counted = step.counted(clock.budget);
  return counted < clock.budget    ? NoticeKind::kWarning
         : counted == clock.budget ? NoticeKind::kBreach
                                   : NoticeKind::kEscalation;
}

void remember_notified(ClockInstance& clock, const RepId& recipient) {
  auto& reps = clock.notified;
  if (std::find(reps.begin(), reps.end(), recipient) == reps.end()) reps.push_back(recipient);
}

}  // namespace

// The reps of the step's `to`, each once. A role that no rep has is left out.
std::vector<RepId> ClockSteps::audience(const ClockInstance& clock, const ClockStep& step) const {
  std::vector<RepId> out;
  for (const auto& role : step.to) {
    RepId rep(role);
    if (role == "owner") rep = clock.owner.empty() ? team_lead_of(policy_, person_) : clock.owner;
    if (role == "team_lead") rep = team_lead_of(policy_, person_);
    if (role == "head") rep = team_head_of(policy_, person_);
    if (role == "marketing") rep = policy_.sla->marketing;
    if (!rep.empty() && std::find(out.begin(), out.end(), rep) == out.end())
      out.push_back(std::move(rep));
  }
  return out;
}

void ClockSteps::tell(NoticeKind kind, const RepId& recipient, ClockInstance& clock,
                      std::string_view level) {
  if (recipient.empty()) return;
  json::object more;
  if (fired_ != nullptr && fired_->stale_since)
    more.emplace("feedback_stale_since", to_rfc3339(*fired_->stale_since));
  const bool sent = notices_.send(kind, recipient, notices_.clock_key(clock, level, recipient),
                                  std::move(more), &clock);
  if (sent && (kind == NoticeKind::kBreach || kind == NoticeKind::kEscalation))
    remember_notified(clock, recipient);
}

void ClockSteps::tell_all(ClockInstance& clock, const ClockStep& step) {
  for (const auto& recipient : audience(clock, step))
    tell(kind_of(clock, step), recipient, clock, step.name());
}

// A breach is never undone. The clock runs on unless its definition says otherwise.
void ClockSteps::note_breach(ClockInstance& clock) {
  clock.breached_at = clock.due;
  report(clock, "clock.breached");
}

void ClockSteps::note_step(ClockInstance& clock, const ClockStep& step) {
  const auto kind = kind_of(clock, step);
  if (kind == NoticeKind::kBreach) return note_breach(clock);
  const std::string_view code = kind == NoticeKind::kWarning ? "clock.warned" : "clock.escalated";
  report(clock, code, {{"percent", clock.level}, {"step", step.name()}});
}

// Baton was down when the timer should have fired, so the breach counts against no rep.
void ClockSteps::excuse_downtime(ClockInstance& clock, Instant fired) {
  if (clock.excused.empty() && !clock.breached_at && now_ - fired > policy_.sla->downtime_after)
    clock.excused = "downtime";
}

// The policy may have changed since the timer was set. A step that is not due yet is rescheduled.
bool ClockSteps::is_early(ClockInstance& clock, const ClockStep* step, Instant fired) {
  std::optional<Instant> at;
  if (step != nullptr)
    at = step->percent == 100 ? std::optional(clock.due)
                              : step_instant(clock, calendar_of(policy_, clock), *step);
  if (at && *at <= fired) return false;
  clock.next = at;
  report(clock, "clock.rescheduled");
  return true;
}

bool ClockSteps::run_due(ClockInstance& clock, Instant fired) {
  const auto& definition = definition_of(policy_, clock);
  const auto* step = next_step(clock, definition);
  if (is_early(clock, step, fired)) return false;
  excuse_downtime(clock, fired);
  const bool was_breached = clock.breached_at.has_value();
  const ClockStep* last = nullptr;
  for (bool due = true; due && step != nullptr; step = next_step(clock, definition)) {
    advance_clock(clock, definition, calendar_of(policy_, clock), *step);
    note_step(clock, *step);
    last = step;
    due = clock.next && *clock.next <= now_;
  }
  assert(last != nullptr);  // is_early() returns true without a step
  tell_all(clock, *last);
  return !was_breached && clock.breached_at;
}

void ClockSteps::mark_overdue(ClockInstance& clock, Instant at) {
  if (clock.state != ClockState::kRunning || clock.breached_at || at <= clock.due) return;
  const ClockStep breach{100, {}, {"owner", "team_lead"}};
  const auto& steps = definition_of(policy_, clock).steps;
  const auto found = std::find_if(steps.begin(), steps.end(),
                                  [](const ClockStep& step) { return step.percent == 100; });
  const auto& step = found != steps.end() ? *found : breach;
  excuse_downtime(clock, clock.next.value_or(clock.due));
  clock.level = 100;
  clock.done = clock.budget;
  note_breach(clock);
  tell_all(clock, step);
}

void ClockSteps::resolve(const ClockInstance& clock, NoticeKind kind) {
  if (clock.breached_at) notices_.send_to_notified(kind, clock);
}

void ClockSteps::report(const ClockInstance& clock, std::string_view code,
                        std::initializer_list<Fact> more) {
  sink_.happened(joined({code, ".", clock.definition}));
  sink_.reasons.add(code, "sla.clocks.", clock.definition,
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
  sink_.changed();
}

}  // namespace baton
