#include "gateway/core/decide/decide.h"

#include <algorithm>

#include "gateway/core/decide/alert.h"
#include "gateway/core/decide/decision_context.h"

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

void dispatch(DecisionContext& s) {
  struct Visitor {
    DecisionContext& s;
    void operator()(const TouchesReceived& e) const { decide_touches(s, e); }
    void operator()(const ClockDue& e) const { decide_clock(s, e); }
    void operator()(const OwnerPicked& e) const { decide_owner(s, e); }
    void operator()(const SalesFeedback& e) const { decide_feedback(s, e); }
    void operator()(const EffectOutcome& e) const { decide_outcome(s, e); }
    void operator()(const PolicyChanged&) const {}  // retime_clocks has done it
  };
  std::visit(Visitor{s}, s.event.body);
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

std::string joined(std::initializer_list<std::string_view> parts) {
  std::size_t size = 0;
  for (const auto part : parts) size += part.size();
  std::string out;
  out.reserve(size);
  for (const auto part : parts) out += part;
  return out;
}

Decision decide(PersonState&& person, const Event& event, const Policy& policy, Instant now) {
  Decision out{.next = std::move(person)};
  out.reasons.reserve(kReasons, kReasonBytes);
  out.events.reserve(kReasons);
  now = std::max(now, out.next.last_now);
  const auto before = timers_of(out.next);
  const auto pools = pool_view(out.next);
  DecisionContext step{policy, event, now, out, out.next};
  retime_clocks(step);
  dispatch(step);
  if (!out.changed) return out;
  reconcile_work(step);
  reconcile_crm_tasks(step);
  out.next.last_now = now;
  if (out.next.created_at.ms == 0) out.next.created_at = now;
  list_timers(before, out.next, out);
  tell_pools(step, pools);
  if (step.push && is_shown(out.next, *policy.lifecycle)) out.effects.emplace_back(PushRequested{});
  return out;
}

Decision decide(const PersonState& person, const Event& event, const Policy& policy, Instant now) {
  return decide(PersonState(person), event, policy, now);
}

const ScoreResult& DecisionContext::scored() {
  if (!score_now) score_now = score_as_of(person, *policy.scoring, now);
  return *score_now;
}

Handover* DecisionContext::handover() {
  auto* open = lead();
  if (open == nullptr || open->handovers.empty() || !is_open(open->handovers.back().state))
    return nullptr;
  return &open->handovers.back();
}

const SlaPolicy& DecisionContext::sla(const ClockInstance& clock) const {
  const auto* rules = policy.rules_of(clock);
  return rules != nullptr ? *rules->sla : *policy.sla;
}

const ClockDefinition& DecisionContext::definition(const ClockInstance& clock) const {
  // What a clock goes by whose definition has left the policy: it still breaches, nothing else.
  static const ClockDefinition kGone = [] {
    ClockDefinition gone;
    gone.steps = {{100, {}, {"owner", "team_lead"}}};
    return gone;
  }();
  const auto* found = sla(clock).find(clock.definition);
  return found != nullptr ? *found : kGone;
}

const BusinessCalendar& DecisionContext::calendar(const ClockInstance& clock) const {
  const auto* rules = policy.rules_of(clock);
  const auto* found =
      (rules != nullptr ? *rules->calendars : policy.calendars).find(clock.calendar);
  return found != nullptr ? *found : BusinessCalendar::always();
}

const std::string& DecisionContext::team() const {
  static const std::string kNone;
  if (!person.lead) return kNone;
  const auto* pool = policy.routing->pool(person.lead->pool);
  return pool != nullptr ? pool->team : kNone;
}

std::string DecisionContext::team_lead() const {
  const auto* rep = policy.routing->lead_of(team());
  return rep != nullptr ? rep->id : std::string();
}

std::string DecisionContext::head() const {
  const auto* rep = policy.routing->head_of(team());
  return rep != nullptr ? rep->id : team_lead();
}

}  // namespace baton
