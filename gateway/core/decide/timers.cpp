#include "gateway/core/decide/timers.h"

#include "gateway/core/decide/breach.h"
#include "gateway/core/decide/capture.h"
#include "gateway/core/decide/episode.h"
#include "gateway/core/decide/meeting.h"
#include "gateway/core/decide/owner.h"
#include "gateway/core/decide/task.h"
#include "gateway/core/decision/alert.h"
#include "gateway/core/decision/joined.h"
#include "gateway/core/sla/sla_clock.h"

namespace baton {
namespace {

// Each of these returns false if the timer is out of date.

bool clock_due(DecisionContext& s, const ClockId& id, const TimerFired& event) {
  auto* clock = s.clocks.find(id);
  if (clock == nullptr || clock->state != ClockState::kRunning || clock->next != event.due)
    return false;
  if (s.steps.run_due(*clock, event.due)) act_on_breach(s, *clock, event.stale_since);
  return true;
}

bool snooze_due(DecisionContext& s, const ClockId& id, Instant due) {
  auto* clock = s.clocks.find(id);
  if (clock == nullptr || is_ended(*clock) || next_waking(*clock) != due) return false;
  s.changed();
  s.happened("alert.woken");
  for (const auto& rep : expire_snoozes(*clock, due))
    s.steps.tell(clock->breached_at ? NoticeKind::kBreach : NoticeKind::kWarning, rep, *clock,
                 joined({"snoozed:", to_rfc3339(due)}));
  return true;
}

bool score_due(DecisionContext& s, Instant due) {
  if (s.person.score.next_crossing != due) return false;
  s.changed();
  s.person.score.next_crossing.reset();
  if (rescore(s)) s.push();
  consider_mql(
      s, Trigger{s.now, s.person.lead ? s.person.lead->type : Intent::kInformational, {}, {}});
  return true;
}

bool wake_due(DecisionContext& s, Instant due) {
  auto& lead = s.person.lead;
  if (!lead || lead->stage != Stage::kNurture || lead->revisit_at != due) return false;
  s.changed();
  lead->revisit_at.reset();
  consider_mql(s, Trigger{s.now, lead->type, {}, "lifecycle.nurture.wake"});
  return true;
}

bool route_due(DecisionContext& s, Instant due) {
  auto* lead = s.lead();
  if (lead == nullptr || lead->ask_again_at != due) return false;
  s.changed();
  lead->ask_again_at.reset();
  if (lead->owner.empty() && lead->open_request.empty()) ask_for_owner(s);
  return true;
}

bool dispatch_timer(DecisionContext& s, const TimerFired& event) {
  const auto& subject = event.timer.subject;
  switch (event.timer.kind) {
    case TimerId::Kind::kClock:
      return clock_due(s, ClockId(subject), event);
    case TimerId::Kind::kAct:
      return act_due(s, ClockId(subject), event.due, event.stale_since);
    case TimerId::Kind::kSnooze:
      return snooze_due(s, ClockId(subject), event.due);
    case TimerId::Kind::kTask:
      return task_due(s, subject, event.due);
    case TimerId::Kind::kScore:
      return score_due(s, event.due);
    case TimerId::Kind::kWake:
      return wake_due(s, event.due);
    case TimerId::Kind::kRoute:
      return route_due(s, event.due);
    case TimerId::Kind::kMeeting:
      return meeting_due(s, event.due);
    case TimerId::Kind::kOptIn:
      return opt_in_due(s, event.due);
    case TimerId::Kind::kCoolDown:
      return cool_down_due(s, event.due);
  }
  return false;
}

}  // namespace

void decide_timer(DecisionContext& s, const TimerFired& event) {
  if (dispatch_timer(s, event)) return;
  const auto name = to_string(event.timer);
  s.because("clock.ignored", {}, {{"clock", name}});
}

}  // namespace baton
