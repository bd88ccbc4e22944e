#include "gateway/core/decide/decide.h"

#include <algorithm>

#include "gateway/core/decide/alert.h"
#include "gateway/core/decide/crm_task.h"
#include "gateway/core/decide/decision_context.h"
#include "gateway/core/decide/feedback.h"
#include "gateway/core/decide/outcome.h"
#include "gateway/core/decide/owner.h"
#include "gateway/core/decide/pool.h"
#include "gateway/core/decide/task.h"
#include "gateway/core/decide/timers.h"
#include "gateway/core/decide/touches.h"
#include "gateway/core/model/transitions.h"
#include "gateway/core/sla/sla_clock.h"

namespace baton {
namespace {

// Most decisions need less.
constexpr std::size_t kReasons = 12, kReasonBytes = 1024, kOtherTimers = 4;
constexpr std::size_t kNoClock = static_cast<std::size_t>(-1);

// What a closed episode waits for, and one that is not confirmed.
void add_waiting_timers(const Lead& lead, std::vector<ClockTimer>& out) {
  if (lead.stage == Stage::kNurture) out.push_back({"wake", lead.revisit_at});
  if (lead.stage == Stage::kCaptured) out.push_back({"opt_in", lead.revisit_at});
  if (lead.stage == Stage::kLost) out.push_back({"cool_down", lead.revisit_at});
}

// What there is to do about an open one.
void add_work(const Lead& lead, std::vector<ClockTimer>& out) {
  if (lead.ask_again_at) out.push_back({"route", lead.ask_again_at});
  for (const auto& task : lead.tasks) {
    if (task.state == TaskState::kOpen && !task.notified && task.due_at)
      out.push_back({"task:" + task.id, task.due_at});
  }
  for (const auto& meeting : lead.meetings) {
    if (meeting.state == MeetingState::kBooked && !meeting.begun)
      out.push_back({"meeting", meeting.at});
  }
}

std::size_t find(const std::vector<ClockTimer>& timers, std::string_view clock) {
  for (std::size_t i = 0; i < timers.size(); ++i) {
    if (timers[i].clock == clock) return i;
  }
  return kNoClock;
}

void list_timers(const std::vector<ClockTimer>& before, const PersonState& person, Decision& out) {
  const auto after = timers_of(person);
  for (const auto& timer : before) {
    if (find(after, timer.clock) == kNoClock) out.timers.push_back({timer.clock, std::nullopt});
  }
  for (const auto& timer : after) {
    const auto old = find(before, timer.clock);
    if (old == kNoClock || before[old].due != timer.due)
      out.timers.push_back({timer.clock, timer.due});
  }
}

Activity dispatch(DecisionContext& s) {
  struct Visitor {
    DecisionContext& s;
    Activity operator()(const TouchesReceived& e) const { return decide_touches(s, e); }
    Activity operator()(const SalesFeedback& e) const { return decide_feedback(s, e); }
    Activity operator()(const ClockDue& e) const { return decide_timer(s, e), Activity{}; }
    Activity operator()(const OwnerPicked& e) const { return decide_owner(s, e), Activity{}; }
    Activity operator()(const EffectOutcome& e) const { return decide_outcome(s, e), Activity{}; }
    Activity operator()(const PolicyChanged&) const { return {}; }  // Clocks::retime() has run
  };
  return std::visit(Visitor{s}, s.event.body);
}

}  // namespace

std::vector<ClockTimer> timers_of(const PersonState& person) {
  std::vector<ClockTimer> out;
  out.reserve(person.clocks.size() + kOtherTimers);
  for (const auto& clock : person.clocks) {
    if (clock.next) out.push_back({clock.id, clock.next});
    if (clock.act_at && !is_ended(clock)) out.push_back({"act:" + clock.id, clock.act_at});
    if (const auto waking = next_waking(clock); waking && !is_ended(clock))
      out.push_back({"snooze:" + clock.id, waking});
  }
  if (person.score.next_crossing) out.push_back({"score", person.score.next_crossing});
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
