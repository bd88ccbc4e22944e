#include "gateway/core/decide/breach.h"

#include <algorithm>

#include "gateway/core/decide/episode.h"
#include "gateway/core/decide/owner.h"
#include "gateway/core/decision/clock_rules.h"
#include "gateway/core/sla/sla_clock.h"

namespace baton {
namespace {

// How long a reassignment waits for news from the CRM: five minutes, or the clock's own budget if
// that is shorter, but not less than a second.
constexpr Duration kWaitForCrm = minutes(5);
constexpr Duration kShortestWait = seconds(1);

bool may_reassign(DecisionContext& s) {
  const auto& lead = s.open_lead();
  const auto lapses =
      std::count_if(lead.handovers.begin(), lead.handovers.end(),
                    [](const Handover& h) { return h.state == HandoverState::kExpired; });
  if (lapses < s.policy.sla->reassign_on_breach && may_pass_on(s)) return true;
  s.happened("reassign.refused");
  s.because("reassign.refused", "sla.reassign",
            {{"lapses", lapses}, {"handovers", lead.handovers.size()}});
  return false;
}

void reassign(DecisionContext& s, ClockInstance& clock) {
  if (!may_reassign(s)) return;
  s.steps.tell(NoticeKind::kReassigned, s.lead()->owner, clock, "reassigned");
  pass_on(s, HandoverState::kExpired, clock.id.view());
}

void wait_for_crm(DecisionContext& s, ClockInstance& clock, bool is_stale) {
  clock.act_at = s.now + std::min(kWaitForCrm, std::max(clock.budget, kShortestWait));
  s.happened("reassign.waits");
  s.because("reassign.waits", "sla.reassign",
            {{"why", is_stale ? "feedback_stale" : "downtime"}, {"until", *clock.act_at}});
}

void run_action(DecisionContext& s, OnBreach action, ClockInstance breached) {
  switch (action) {
    case OnBreach::kNone:
      return;
    case OnBreach::kAccept:
      return accept_handover(s, s.now, true, breached.id.view());
    case OnBreach::kRecycle:
      close_episode(s, Transition::kT9, Stage::kNurture, "offer_expired");
      return;
    case OnBreach::kReassign:
      return reassign(s, breached);
  }
}

void act(DecisionContext& s, ClockInstance& clock, std::optional<Instant> stale_since, bool first) {
  const auto action = definition_of(s.policy, clock).on_breach;
  const auto* lead = s.lead();
  if (lead == nullptr || lead->stage != Stage::kMql || s.handover() == nullptr ||
      action == OnBreach::kNone)
    return;
  if (!clock.excused.empty() && clock.excused != "downtime") {
    s.happened("reassign.excused");
    return s.because("reassign.excused", "sla.reassign", {{"why", clock.excused}});
  }
  if (action == OnBreach::kReassign && (stale_since || (first && clock.excused == "downtime")))
    return wait_for_crm(s, clock, stale_since.has_value());
  run_action(s, action, clock);  // a copy: the action may end this clock or start others
}

void end_with_breach(DecisionContext& s, const ClockId& id) {
  auto* clock = s.clocks.find(id);
  if (clock == nullptr || clock->act_at || is_ended(*clock) ||
      definition_of(s.policy, *clock).track_late)
    return;
  end_clock(*clock, clock->due, ClockState::kStopped, "breach");
}

}  // namespace

void act_on_breach(DecisionContext& s, ClockInstance& clock, std::optional<Instant> stale_since) {
  const ClockId id = clock.id;
  act(s, clock, stale_since, true);
  end_with_breach(s, id);
}

bool act_due(DecisionContext& s, const ClockId& id, Instant due,
             std::optional<Instant> stale_since) {
  auto* clock = s.clocks.find(id);
  if (clock == nullptr || is_ended(*clock) || clock->act_at != due) return false;
  s.changed();
  // The owner keeps the lead while marketing corrects the data or the lead asked to wait.
  if (clock->state == ClockState::kPaused) {
    clock->act_at = s.now + kWaitForCrm;
    return true;
  }
  clock->act_at.reset();
  act(s, *clock, stale_since, false);
  end_with_breach(s, id);
  return true;
}

}  // namespace baton
