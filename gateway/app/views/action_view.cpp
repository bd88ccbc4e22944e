#include "gateway/app/views/action_view.h"

#include <algorithm>
#include <array>

#include <fmt/format.h>

#include "gateway/app/messages/messages.h"
#include "gateway/core/calendar/local_day.h"
#include "gateway/core/decision/alert.h"
#include "gateway/core/explain/clock_label.h"
#include "gateway/core/explain/explain_words.h"
#include "gateway/core/lifecycle/contact_basis.h"
#include "gateway/core/model/lead_hold.h"
#include "gateway/core/routing/task_queue.h"
#include "gateway/core/sla/sla_clock.h"

namespace baton {
namespace {

std::string name_of_person(const PersonFacts& p) {
  if (!p.full_name.empty()) return p.full_name;
  return p.first_name + (p.first_name.empty() || p.last_name.empty() ? "" : " ") + p.last_name;
}

ActionView task_page(const PageContext& context) {
  auto view = page_of_person(context);
  const auto& lead = context.person.lead;
  for (const auto& task : lead ? lead->tasks : std::vector<Task>()) {
    if (task.id != context.claims.subject) continue;
    view.current = is_open(lead->stage) && is_open(task.state) &&
                   may_do(*context.policy.routing, task, context.claims.rep);
    view.over = !is_open(lead->stage) || !is_open(task.state);
    view.offered_at = task.opened_at;
  }
  return view;
}

// Half an hour to four hours, and the beginning of the reader's next working day.
std::vector<SnoozeChoice> snooze_choices(const PageContext& context) {
  struct Choice {
    std::string_view code;
    Duration length;
  };
  static constexpr Choice kChoices[] = {
      {"30m", minutes(30)}, {"1h", hours(1)}, {"2h", hours(2)}, {"4h", hours(4)}};
  std::vector<SnoozeChoice> out;
  for (const auto& [code, length] : kChoices) {
    const Instant at = context.now + length;
    out.push_back(
        {std::string(code),
         fmt::format("{} ({})", waiting_text(length, context.texts()), context.moment(at)), at});
  }
  const Rep* rep = context.policy.routing->rep(context.claims.rep);
  const auto* calendar =
      rep != nullptr ? context.policy.calendars.find(context.policy.routing->calendar_of(*rep))
                     : nullptr;
  if (calendar == nullptr) return out;
  // From tomorrow on, because the office may open later today.
  const auto opens =
      calendar->next_open(start_of_day(local_day(context.now, context.zone()) + 1, context.zone()));
  if (opens) out.push_back({"next_day", context.moment(*opens), *opens});
  return out;
}

std::string names_of(const PageContext& context, const std::vector<RepId>& reps) {
  std::string out;
  for (const auto& rep : reps) {
    if (rep != context.claims.rep) out += (out.empty() ? "" : ", ") + context.name_of(rep);
  }
  return out;
}

ActionView alert_page(const PageContext& context) {
  auto view = page_of_person(context);
  view.reader = context.name_of(context.claims.rep);
  const auto id = clock_of(context.claims);
  for (const auto& clock : context.person.clocks) {
    if (clock.id != id || !context.person.lead || context.person.lead->id != context.claims.lead)
      continue;
    view.over = is_ended(clock);
    view.current =
        !view.over && may_answer(context.policy, context.person, clock, context.claims.rep);
    view.due = clock.due;
    view.due_text = due_text(context, clock);
    if (!clock.owner.empty()) view.owner = context.name_of(clock.owner);
    view.known_by = names_of(context, who_knows(clock));
    view.knows = knows(clock, context.claims.rep);
    if (const auto until = snoozed_until(clock, context.claims.rep))
      view.snoozed_text = context.moment(*until);
  }
  for (const auto code : snooze_reasons())
    view.snooze_reasons.emplace_back(code, word(code, context.texts()));
  view.snooze_choices = snooze_choices(context);
  return view;
}

ActionView reopen_page(const PageContext& context) {
  auto view = page_of_person(context);
  const auto& lead = context.person.lead;
  const auto asked = lead ? reopen_asked(*lead) : std::nullopt;
  view.over = !asked || lead->id != context.claims.lead;
  if (view.over) return view;
  view.current = asked->rep != context.claims.rep;
  view.reader = context.name_of(context.claims.rep);
  view.asked_by = context.name_of(asked->rep);
  view.asked_reason = asked->why;
  std::replace(view.asked_reason.begin(), view.asked_reason.end(), '_', ' ');
  return view;
}

}  // namespace

std::string PageContext::zone() const {
  const Rep* rep = policy.routing->rep(claims.rep);
  const auto* calendar =
      rep != nullptr ? policy.calendars.find(policy.routing->calendar_of(*rep)) : nullptr;
  return calendar != nullptr ? calendar->spec().zone : "UTC";
}

const Texts& PageContext::texts() const { return *policy.texts->of(claims.language); }

std::string PageContext::moment(Instant at) const { return moment_text(at, now, zone(), texts()); }

std::string PageContext::name_of(const RepId& rep) const {
  const Rep* known = policy.routing->rep(rep);
  return known == nullptr || known->name.empty() ? rep.str() : known->name;
}

ActionView page_of_person(const PageContext& context) {
  ActionView view;
  const auto& p = context.person;
  view.about = subject_of(context.claims);
  view.name = name_of_person(p.profile);
  view.company = p.profile.company.name;
  view.zone = context.zone();
  if (p.lead) view.ask = p.lead->ask;
  const auto basis = contact_basis(p, context.policy.lifecycle->work.contact, context.now);
  if (basis.allows("phone"))
    view.phone = p.profile.phone;
  else
    view.blocked = word("blocked." + std::string(basis.why), context.texts());
  return view;
}

void add_meeting(const PageContext& context, ActionView& view) {
  for (const auto& meeting : context.person.lead->meetings) {
    if (meeting.state != MeetingState::kBooked) continue;
    view.meeting_text = context.moment(meeting.at);
    view.met = meeting.at <= context.now;
  }
}

std::string due_text(const PageContext& context, const ClockInstance& clock) {
  return fmt::format("{} ({})", context.moment(clock.due),
                     clock_label(*context.policy.sla, clock.definition, context.texts()));
}

std::optional<ActionView> other_page(const PageContext& context) {
  switch (subject_of(context.claims)) {
    case ActionSubject::kTask:
      return task_page(context);
    case ActionSubject::kAlert:
      return alert_page(context);
    case ActionSubject::kReopen:
      return reopen_page(context);
    case ActionSubject::kHandover:
      break;
  }
  return std::nullopt;
}

}  // namespace baton
