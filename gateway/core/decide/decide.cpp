#include "gateway/core/decide/decide.h"

#include <algorithm>

#include "gateway/core/decide/crm_task.h"
#include "gateway/core/decide/feedback.h"
#include "gateway/core/decide/outcome.h"
#include "gateway/core/decide/owner.h"
#include "gateway/core/decide/pool.h"
#include "gateway/core/decide/task.h"
#include "gateway/core/decide/timers.h"
#include "gateway/core/decide/touches.h"
#include "gateway/core/decision/alert.h"
#include "gateway/core/decision/decision_context.h"
#include "gateway/core/model/transitions.h"
#include "gateway/core/sla/sla_clock.h"

namespace baton {
namespace {

using Kind = TimerId::Kind;

// Enough for most decisions.
constexpr std::size_t kReasons = 12, kReasonBytes = 1024, kOtherTimers = 4;

// The timers of an episode that is closed or not confirmed.
void add_waiting_timers(const Lead& lead, std::vector<TimerChange>& out) {
  if (lead.stage == Stage::kNurture) out.push_back({{Kind::kWake}, lead.revisit_at});
  if (lead.stage == Stage::kCaptured) out.push_back({{Kind::kOptIn}, lead.revisit_at});
  if (lead.stage == Stage::kLost) out.push_back({{Kind::kCoolDown}, lead.revisit_at});
}

// The timers of work on an open episode.
void add_work(const Lead& lead, std::vector<TimerChange>& out) {
  if (lead.ask_again_at) out.push_back({{Kind::kRoute}, lead.ask_again_at});
  for (const auto& task : lead.tasks) {
    if (task.state == TaskState::kOpen && !task.notified && task.due_at)
      out.push_back({{Kind::kTask, task.id}, task.due_at});
  }
  for (const auto& meeting : lead.meetings) {
    if (meeting.state == MeetingState::kBooked && !meeting.begun)
      out.push_back({{Kind::kMeeting}, meeting.at});
  }
}

const TimerChange* find(const std::vector<TimerChange>& timers, const TimerId& timer) {
  const auto found = std::find_if(timers.begin(), timers.end(),
                                  [&](const TimerChange& t) { return t.timer == timer; });
  return found == timers.end() ? nullptr : &*found;
}

// Lists the timers that the decision has removed, set or moved.
void list_timers(const std::vector<TimerChange>& before, const PersonState& person, Decision& out) {
  const auto after = timers_of(person);
  for (const auto& old : before) {
    if (find(after, old.timer) == nullptr) out.timers.push_back({old.timer, std::nullopt});
  }
  for (const auto& set : after) {
    const auto* old = find(before, set.timer);
    if (old == nullptr || old->due != set.due) out.timers.push_back(set);
  }
}

Activity dispatch(DecisionContext& s) {
  struct Visitor {
    DecisionContext& s;
    Activity operator()(const TouchesReceived& e) const { return decide_touches(s, e); }
    Activity operator()(const SalesFeedback& e) const { return decide_feedback(s, e); }
    Activity operator()(const TimerFired& e) const { return decide_timer(s, e), Activity{}; }
    Activity operator()(const OwnerPicked& e) const { return decide_owner(s, e), Activity{}; }
    Activity operator()(const EffectOutcome& e) const { return decide_outcome(s, e), Activity{}; }
    Activity operator()(const PolicyChanged&) const { return {}; }  // Clocks::retime() has run
  };
  return std::visit(Visitor{s}, s.event.body);
}

}  // namespace

std::vector<TimerChange> timers_of(const PersonState& person) {
  std::vector<TimerChange> out;
  out.reserve(person.clocks.size() + kOtherTimers);
  for (const auto& clock : person.clocks) {
    if (clock.next) out.push_back({{Kind::kClock, clock.id.str()}, clock.next});
    if (clock.act_at && !is_ended(clock))
      out.push_back({{Kind::kAct, clock.id.str()}, clock.act_at});
    if (const auto waking = next_waking(clock); waking && !is_ended(clock))
      out.push_back({{Kind::kSnooze, clock.id.str()}, waking});
  }
  if (person.score.next_crossing) out.push_back({{Kind::kScore}, person.score.next_crossing});
  if (person.lead && person.lead->revisit_at) add_waiting_timers(*person.lead, out);
  if (const auto* lead = open_lead(person); lead != nullptr) add_work(*lead, out);
  return out;
}

bool is_shown(const PersonState& person, const LifecyclePolicy& policy) {
  if (!person.external_ids.empty()) return true;
  if (person.profile.email.empty() && person.profile.phone.empty()) return false;
  if (!person.lead) return policy.push_from <= Stage::kLead;
  for (const auto& entry : person.lead->stages) {
    if (funnel_rank(entry.stage) >= funnel_rank(policy.push_from)) return true;
  }
  return false;
}

Decision decide(PersonState&& person, const Event& event, const Policy& policy, Instant now) {
  Decision out{.next = std::move(person)};
  out.reasons.reserve(kReasons, kReasonBytes);
  out.events.reserve(kReasons);
  now = std::max(now, out.next.last_now);
  const auto before = timers_of(out.next);
  const auto pools = pool_view(out.next);
  DecisionContext s(policy, event, now, out);
  s.clocks.retime();
  const auto activity = dispatch(s);
  if (!out.changed) return out;
  reconcile_work(s, activity);
  reconcile_crm_tasks(s);
  out.next.last_now = now;
  if (out.next.created_at.ms == 0) out.next.created_at = now;
  list_timers(before, out.next, out);
  tell_pools(s, pools);
  if (s.sink.is_push_requested() && is_shown(out.next, *policy.lifecycle))
    out.effects.emplace_back(PushRequested{});
  return out;
}

Decision decide(const PersonState& person, const Event& event, const Policy& policy, Instant now) {
  return decide(PersonState(person), event, policy, now);
}

}  // namespace baton
