#include "gateway/core/decide/cadence.h"

#include <algorithm>

#include "gateway/core/decide/episode.h"
#include "gateway/core/decide/task.h"
#include "gateway/core/decision/joined.h"
#include "gateway/core/decision/lead_team.h"
#include "gateway/core/lifecycle/contact_basis.h"

namespace baton {
namespace {

// The cadence of connect calls (E4). The owner has one step at a time as a task. The newest task
// says which step the lead is at.
struct Cadence {
  DecisionContext& s;
  const CadencePolicy& policy;
  Lead& lead;
  ContactBasis basis;

  void take_attempt(Task& task);
  void plan(int number, bool tell);
  void follow_open_task(Task& task);
  void run_out(std::string_view by, Instant at);
  void skip(int number);
  void open_step(int number, Instant at, bool tell, std::string blocked = {});
  Instant due(int number) const;

  int steps() const { return static_cast<int>(policy.steps.size()); }
  const CadenceStep& step(int number) const {
    return policy.steps[static_cast<std::size_t>(number - 1)];
  }
  bool allows(int number) const { return basis.allows(step(number).channel); }
  bool allows_any() const;
  const Task* newest() const;
};

bool was_reached(const Lead& lead) {
  return std::any_of(lead.attempts.begin(), lead.attempts.end(),
                     [](const Attempt& a) { return a.outcome == "reached"; });
}

bool Cadence::allows_any() const {
  return std::any_of(policy.steps.begin(), policy.steps.end(),
                     [&](const CadenceStep& one) { return basis.allows(one.channel); });
}

const Task* Cadence::newest() const {
  const auto found = std::find_if(lead.tasks.rbegin(), lead.tasks.rend(),
                                  [](const Task& t) { return t.kind == TaskKind::kConnect; });
  return found == lead.tasks.rend() ? nullptr : &*found;
}

void Cadence::open_step(int number, Instant at, bool tell, std::string blocked) {
  add_task(s, {TaskKind::kConnect, lead.owner, team_of(s.policy, s.person), step(number).channel,
               number, at, tell, std::move(blocked)});
}

void Cadence::skip(int number) {
  const auto& channel = step(number).channel;
  s.because("cadence.skipped", "lifecycle.cadence",
            {{"step", number},
             {"channel", channel},
             {"why", joined({"blocked.", basis.why.empty() ? "no_consent" : basis.why})}});
}

// The agreed time after the step before, in the owner's working hours.
Instant Cadence::due(int number) const {
  const auto before = std::find_if(lead.tasks.rbegin(), lead.tasks.rend(), [](const Task& t) {
    return t.kind == TaskKind::kConnect && t.state == TaskState::kDone && t.closed_at;
  });
  const Instant soonest = working_later(s, lead.owner, s.now, {});
  if (before == lead.tasks.rend())
    return number == 1 ? working_later(s, lead.owner, s.now, step(1).after) : soonest;
  return std::max(soonest, working_later(s, lead.owner, *before->closed_at, step(number).after));
}

// Opens the first step from `number` on whose channel the law allows, and reports the skipped ones.
// If the law allows none of the cadence's channels, the step is blocked.
void Cadence::plan(int number, bool tell) {
  if (!allows_any())
    return open_step(number, s.now, false,
                     lead.blocked.empty() ? "blocked_by_law:no_consent" : lead.blocked);
  while (number <= steps() && !allows(number)) skip(number++);
  if (number > steps()) return run_out("skipped", s.now);
  open_step(number, due(number), tell);
}

// T11 needs evidence of enough attempts. With fewer, the owner decides.
void Cadence::run_out(std::string_view by, Instant at) {
  const auto vain = std::count_if(lead.attempts.begin(), lead.attempts.end(),
                                  [](const Attempt& a) { return a.outcome != "reached"; });
  s.happened("cadence.run_out");
  s.because("cadence.run_out", "lifecycle.cadence", {{"attempts", vain}});
  s.clocks.at_moment(ClockMoment::kCadenceDone, at, by);
  if (vain >= s.policy.lifecycle->max_attempts) {
    close_episode(s, Transition::kT11, Stage::kNurture, "attempts_exhausted");
    return;
  }
  s.notices.send(
      NoticeKind::kTask, lead.owner,
      joined({lead.id.view(), ":run_out:", std::to_string(vain), ":", lead.owner.view()}),
      {{"task_kind", "run_out"}});
}

void Cadence::take_attempt(Task& task) {
  const Attempt attempt = lead.attempts.back();
  const int number = task.step;
  if (attempt.outcome == "reached") {
    close_task(s, task, TaskState::kDone, "reached", attempt.at, attempt.evidence);
    return s.clocks.at_moment(ClockMoment::kCadenceDone, attempt.at, attempt.evidence);
  }
  const bool early = number > 1 && !policy.early_counts && task.due_at && attempt.at < *task.due_at;
  const bool other = !policy.other_channel_counts && attempt.channel != task.channel;
  if (early || other) {
    return s.because("cadence.extra", "lifecycle.cadence",
                     {{"channel", attempt.channel}, {"why", early ? "early" : "other_channel"}});
  }
  close_task(s, task, TaskState::kDone, attempt.outcome, attempt.at, attempt.evidence);
  if (lead.work == WorkStatus::kWaitingForLead) {
    const auto* feedback = std::get_if<SalesFeedback>(&s.event.body);
    const auto* said = feedback != nullptr ? std::get_if<Contact>(&feedback->says) : nullptr;
    if (said != nullptr && said->again_at && *said->again_at > s.now && allows(number))
      open_step(number, *said->again_at, true);
    return;
  }
  if (number >= steps()) return run_out(attempt.evidence, attempt.at);
  plan(number + 1, false);
}

// The step's channel may have become forbidden or allowed.
void Cadence::follow_open_task(Task& task) {
  const int number = task.step;
  if (task.state == TaskState::kBlocked && allows_any()) {
    close_task(s, task, TaskState::kCancelled, "allowed", s.now, "contact");
    plan(number, true);
  } else if (task.state == TaskState::kOpen && !basis.allows(task.channel)) {
    close_task(s, task, TaskState::kCancelled, lead.blocked.empty() ? "no_consent" : lead.blocked,
               s.now, "contact");
    plan(number, true);
  }
}

}  // namespace

void advance_cadence(DecisionContext& s, const Activity& activity) {
  auto& lead = s.open_lead();
  Cadence cadence{s, s.policy.lifecycle->work.cadence, lead, {}};
  if (cadence.policy.steps.empty()) return;
  auto* open = open_task(lead, TaskKind::kConnect);
  if (lead.stage != Stage::kSal) {
    const bool met = activity.attempted && lead.attempts.back().outcome == "reached";
    const auto state = met ? TaskState::kDone : TaskState::kCancelled;
    if (open != nullptr)
      close_task(s, *open, state, met ? "reached" : to_string(lead.stage), s.now,
                 met ? lead.attempts.back().evidence : "stage");
    return;
  }
  if (lead.owner.empty() || is_in_rework(lead)) return;
  cadence.basis = contact_basis(s.person, s.policy.lifecycle->work.contact, s.now);
  const auto* last = cadence.newest();
  const bool reached = was_reached(lead);
  if (last == nullptr && !(reached && !activity.attempted)) {
    cadence.plan(1, false);
    open = open_task(lead, TaskKind::kConnect);
  }
  if (open != nullptr && open->state == TaskState::kOpen && activity.attempted)
    return cadence.take_attempt(*open);
  if (open != nullptr) return cadence.follow_open_task(*open);
  if (last == nullptr || reached || lead.work == WorkStatus::kWaitingForLead) return;
  const bool waited = last->result == "callback" || last->result == "waiting_for_lead";
  if (waited)
    return last->step < cadence.steps() ? cadence.plan(last->step + 1, true)
                                        : cadence.run_out("waited", s.now);
  if (!activity.interest) return;
  const bool asks = *activity.interest != Intent::kInformational;
  if (!asks && !is_engaged_since(s, last->closed_at.value_or(s.now))) return;
  s.happened("cadence.reopened");
  s.because("cadence.reopened", "lifecycle.cadence");
  cadence.plan(1, true);
}

}  // namespace baton
