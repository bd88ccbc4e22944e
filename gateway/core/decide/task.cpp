#include "gateway/core/decide/task.h"

#include <algorithm>
#include <charconv>

#include "gateway/core/decide/cadence.h"
#include "gateway/core/decide/episode.h"
#include "gateway/core/decide/lawful.h"
#include "gateway/core/decide/profile.h"
#include "gateway/core/decision/joined.h"
#include "gateway/core/lifecycle/contact_basis.h"
#include "gateway/core/model/event_codec.h"
#include "gateway/core/routing/task_queue.h"
#include "mapping/json/json.h"

namespace baton {
namespace {

constexpr std::size_t kTasks = 24;

// Numbers continue after the newest task, which is always kept.
std::string next_id(const Lead& lead) {
  int last = 0;
  if (!lead.tasks.empty()) {
    const auto& id = lead.tasks.back().id;
    const auto digits = id.data() + id.rfind("/t") + 2;
    std::from_chars(digits, id.data() + id.size(), last);
  }
  return lead.id.str() + "/t" + std::to_string(last + 1);
}

void tell_of(DecisionContext& s, const Task& task) {
  const auto tell = [&](const RepId& rep) {
    json::object more{
        {"task", task.id}, {"task_kind", to_string(task.kind)}, {"channel", task.channel}};
    if (task.owner.empty()) more.emplace("queue", task.team);
    s.notices.send(NoticeKind::kTask, rep, joined({task.id, ":due:", rep.view()}), std::move(more));
  };
  if (!task.owner.empty()) return tell(task.owner);
  for (const auto& rep : queue_recipients(*s.policy.routing, task.team)) tell(rep);
}

// The task is due: starts its clocks and tells its owner.
void begin_task(DecisionContext& s, Task& task, bool tell) {
  task.notified = true;
  s.changed();
  s.clocks.at_moment(ClockMoment::kTaskOpened, task.due_at.value_or(task.opened_at), task.id,
                     task.id);
  if (tell) tell_of(s, task);
}

std::string_view qualify_guard(const DecisionContext& s, const Task* task, const SalesFeedback& f) {
  if (task == nullptr) return "no_such_task";
  if (!is_open(task->state)) return "task_over";
  if (task->kind != TaskKind::kQualify) return "attempt_needed";
  if (f.via == "action_page" && f.rep.empty()) return "not_the_owner";
  if (f.rep.empty()) return {};
  return may_do(*s.policy.routing, *task, f.rep) ? std::string_view() : "not_the_owner";
}

// The code of the result in explanations: "fit" alone is a word of scores.
std::string result_word(std::string_view result) {
  constexpr std::string_view kBlockedPrefix = "blocked_by_law:";
  if (result.starts_with(kBlockedPrefix))
    return joined({"blocked.", result.substr(kBlockedPrefix.size())});
  for (const auto* one : {"fit", "unfit", "unclear", "allowed", "booked"}) {
    if (result == one) return joined({"result.", result});
  }
  return std::string(result);
}

Task* find_task(Lead& lead, const std::string& id) {
  if (id.empty()) return open_task(lead, TaskKind::kQualify);
  const auto found =
      std::find_if(lead.tasks.begin(), lead.tasks.end(), [&](const Task& t) { return t.id == id; });
  return found == lead.tasks.end() ? nullptr : &*found;
}

// The answer may contain new facts about the person; their source is the SDR.
void learn(DecisionContext& s, const SalesFeedback& f, const PersonFacts& facts, Instant at) {
  if (is_empty(facts)) return;
  Touch said;
  said.source = "sdr:" + f.rep.str();
  said.person = facts;
  if (!merge_profile(s.person, said, f.id, at)) return;
  s.happened("enrichment.completed");
  s.because("enrichment.completed", {}, {{"rep", f.rep}});
  s.push();
  if (rescore(s)) s.push();
}

void try_again(DecisionContext& s, const Task& done, Instant at) {
  auto& lead = s.open_lead();
  const auto& sdr = s.policy.lifecycle->work.sdr;
  const auto tried = std::count_if(lead.tasks.begin(), lead.tasks.end(), [](const Task& t) {
    return t.kind == TaskKind::kQualify && t.result == "unclear";
  });
  if (tried >= sdr.tries) {
    if (lead.stage == Stage::kLead) close_episode(s, Transition::kT5, Stage::kNurture, "unclear");
    return;
  }
  TaskWish wish{done.kind, done.owner, done.team,
                {},        0,          working_later(s, done.owner, at, sdr.again_after)};
  add_task(s, std::move(wish));
}

void act_on_answer(DecisionContext& s, bool fits) {
  auto& lead = s.open_lead();
  s.because("icp.answered", {}, {{"fits", fits}});
  if (!fits) {
    const auto to = s.policy.lifecycle->icp_no;
    const bool out = to == Stage::kDisqualified;
    close_episode(s,
                  out                          ? Transition::kT12
                  : lead.stage == Stage::kLead ? Transition::kT5
                                               : Transition::kT9,
                  to, "icp");
  } else if (lead.stage == Stage::kLead && s.policy.lifecycle->mql_icp) {
    consider_mql(s, Trigger{s.now, lead.type, {}, "lifecycle.mql.icp_confirmed"});
  }
}

// E3: a human looks at each new lead before sales contacts it.
void reconcile_qualify_task(DecisionContext& s) {
  auto& lead = s.open_lead();
  const auto& sdr = s.policy.lifecycle->work.sdr;
  const bool wanted = sdr.stages[static_cast<std::size_t>(lead.stage)];
  auto* open = open_task(lead, TaskKind::kQualify);
  if (open != nullptr && !wanted)
    close_task(s, *open, TaskState::kCancelled, to_string(lead.stage), s.now, "stage");
  if (open != nullptr || !wanted) return;
  const auto entered = std::find_if(lead.stages.rbegin(), lead.stages.rend(),
                                    [](const StageEntry& e) { return e.stage == Stage::kLead; });
  const Instant since = entered != lead.stages.rend() ? entered->at : lead.opened_at;
  const bool looked_at = std::any_of(lead.tasks.begin(), lead.tasks.end(), [&](const Task& t) {
    return t.kind == TaskKind::kQualify && t.opened_at >= since;
  });
  // An SDR cannot find out more about a visitor without an address or a number.
  const bool known = !s.person.profile.email.empty() || !s.person.profile.phone.empty();
  if (!looked_at && known)
    add_task(s,
             {TaskKind::kQualify, sdr.rep, sdr.team, {}, 0, working_later(s, sdr.rep, s.now, {})});
}

// The owner of the lead owns its tasks, except those of the SDR.
void own_tasks(DecisionContext& s) {
  auto& lead = s.open_lead();
  for (auto& task : lead.tasks) {
    if (is_open(task.state) && task.kind != TaskKind::kQualify && !lead.owner.empty())
      task.owner = lead.owner;
  }
}

}  // namespace

Task* open_task(Lead& lead, TaskKind kind) {
  const auto found = std::find_if(lead.tasks.rbegin(), lead.tasks.rend(), [&](const Task& t) {
    return t.kind == kind && is_open(t.state);
  });
  return found == lead.tasks.rend() ? nullptr : &*found;
}

Instant working_later(const DecisionContext& s, const RepId& rep, Instant from, Duration after) {
  const auto* found = s.policy.routing->rep(rep);
  const auto own = found != nullptr ? s.policy.routing->calendar_of(*found) : std::string_view();
  const auto* calendar =
      s.policy.calendars.find(own.empty() ? std::string_view(s.policy.sla->calendar) : own);
  if (calendar == nullptr) return from + after;
  return calendar->add(from, after).value_or(from + after);
}

Task& add_task(DecisionContext& s, TaskWish wish) {
  auto& lead = s.open_lead();
  if (lead.tasks.size() >= kTasks) {
    const auto oldest = std::find_if(lead.tasks.begin(), lead.tasks.end(),
                                     [](const Task& t) { return !is_open(t.state); });
    if (oldest != lead.tasks.end()) lead.tasks.erase(oldest);
  }
  Task task;
  task.id = next_id(lead);
  task.kind = wish.kind;
  task.owner = std::move(wish.owner);
  task.team = std::move(wish.team);
  task.channel = std::move(wish.channel);
  task.step = wish.step;
  task.opened_at = s.now;
  task.due_at = wish.due;
  if (!wish.blocked.empty()) {
    task.state = TaskState::kBlocked;
    task.result = wish.blocked;
  }
  s.happened(
      joined({wish.blocked.empty() ? "task.opened." : "task.blocked.", to_string(task.kind)}));
  const auto law =
      joined({"blocked.", std::string_view(wish.blocked).substr(wish.blocked.find(':') + 1)});
  s.because("task.opened", {},
            {{"task", task.id},
             {"kind", joined({"task.", to_string(task.kind)})},
             {"due", wish.due},
             {"owner", FactValue::if_said(task.owner)},
             {"team", FactValue::if_said(task.owner.empty() ? task.team : std::string_view())},
             {"channel", FactValue::if_said(task.channel)},
             {"step", FactValue::if_said(task.step > 0, task.step)},
             {"blocked", FactValue::if_said(!wish.blocked.empty(), law)}});
  s.changed();
  lead.tasks.push_back(std::move(task));
  auto& added = lead.tasks.back();
  if (added.state == TaskState::kOpen && wish.due <= s.now) begin_task(s, added, wish.tell);
  return added;
}

void close_task(DecisionContext& s, Task& task, TaskState state, std::string_view result,
                Instant at, std::string_view by) {
  task.state = state;
  task.result = result;
  task.closed_at = at;
  s.happened(joined({"task.", to_string(state), ".", to_string(task.kind)}));
  s.because("task.closed", {},
            {{"task", task.id},
             {"kind", joined({"task.", to_string(task.kind)})},
             {"result", result_word(result)},
             {"channel", FactValue::if_said(task.channel)},
             {"step", FactValue::if_said(task.step > 0, task.step)}});
  s.changed();
  if (task.notified) s.clocks.at_moment(ClockMoment::kTaskDone, at, by, task.id);
}

bool task_due(DecisionContext& s, std::string_view id, Instant due) {
  auto* lead = s.lead();
  if (lead == nullptr) return false;
  for (auto& task : lead->tasks) {
    if (task.id != id || task.state != TaskState::kOpen || task.notified || task.due_at != due)
      continue;
    s.happened("task.due");
    begin_task(s, task, true);
    return true;
  }
  return false;
}

void decide_task(DecisionContext& s, const SalesFeedback& f, const TaskAnswer& said, Instant at) {
  auto* task = find_task(s.open_lead(), said.task);
  if (const auto guard = qualify_guard(s, task, f); !guard.empty()) return refuse(s, "task", guard);
  if (said.answer != "fit" && said.answer != "unfit" && said.answer != "unclear")
    return refuse(s, "task", "no_answer_given");
  learn(s, f, said.facts, at);
  close_task(s, *task, TaskState::kDone, said.answer, at, f.id);
  if (said.answer == "unclear") return try_again(s, Task(*task), at);
  act_on_answer(s, said.answer == "fit");
}

void drop_work(DecisionContext& s, std::string_view why) {
  auto& lead = s.newest_lead();
  for (auto& task : lead.tasks) {
    if (is_open(task.state)) close_task(s, task, TaskState::kCancelled, why, s.now, why);
  }
  for (auto& meeting : lead.meetings) {
    if (meeting.state != MeetingState::kBooked) continue;
    meeting.state = MeetingState::kCancelled;
    meeting.closed_at = s.now;
    s.happened("meeting.cancelled");
  }
  lead.blocked.clear();
}

void reconcile_work(DecisionContext& s, const Activity& activity) {
  if (s.lead() == nullptr || s.person.objected_at) return;
  reconcile_qualify_task(s);
  reassess_contact(s);
  if (s.lead() != nullptr) advance_cadence(s, activity);
  if (s.lead() != nullptr) own_tasks(s);
}

}  // namespace baton
