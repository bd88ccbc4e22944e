#include <fmt/format.h>

#include "gateway/app/action_view.h"
#include "gateway/app/desk.h"
#include "gateway/app/messages.h"

// What the page behind the link of an alert shows.

namespace baton {
namespace {

std::string name_of(const PersonFacts& profile) {
  if (!profile.full_name.empty()) return profile.full_name;
  return profile.first_name + (profile.first_name.empty() || profile.last_name.empty() ? "" : " ") + profile.last_name;
}

// The promise of sales that falls due first.
const ClockInstance* first_due(const PersonState& person, const SlaPolicy& sla) {
  const ClockInstance* first = nullptr;
  for (const auto& clock : person.clocks) {
    const auto* definition = sla.find(clock.definition);
    if (clock.state != ClockState::kRunning || (definition && definition->of_marketing)) continue;
    if (first == nullptr || clock.due < first->due) first = &clock;
  }
  return first;
}

// "heute 10:05 (Erstkontakt)", in the rep's zone.
std::string due_text(const ClockInstance& clock, const Policy& policy, const ActionClaims& claims, Instant now) {
  std::string zone = "UTC";
  if (const Rep* rep = policy.routing->rep(claims.rep)) {
    if (const auto* calendar = policy.calendars.find(policy.routing->calendar_of(*rep))) zone = calendar->spec().zone;
  }
  const auto* definition = policy.sla->find(clock.definition);
  const auto when = moment_text(clock.due, now, zone, claims.language);
  return definition ? fmt::format("{} ({})", when, claims.language == "de" ? definition->label_de : definition->label_en) : when;
}

}  // namespace

Result<ActionView> Desk::action_view(const ActionClaims& claims) {
  const std::lock_guard lock(mutex_);
  auto person = person_of(claims.lead);
  if (!person) return person.error();
  const PersonState& p = person->state;
  const auto policy = runtime_.policy.load();
  const PageContext context{p, policy->lifecycle->work.contact, runtime_.clock->now()};
  if (auto page = task_page(context, claims)) return std::move(*page);
  if (!p.lead || p.lead->handovers.empty()) return error(Errc::kNotFound, "no such handover");
  const Lead& lead = *p.lead;
  const Handover& handover = lead.handovers.back();
  ActionView view;
  const bool same = lead.id == claims.lead && handover.id == claims.handover && lead.owner == claims.rep;
  view.accepted = handover.state == HandoverState::kAccepted;
  view.current = same && is_open(lead.stage) && (is_open(handover.state) || view.accepted);
  view.name = name_of(p.profile);
  view.company = p.profile.company.name;
  view.ask = lead.ask;
  view.phone = p.profile.phone;
  view.offered_at = handover.offered_at;
  add_work(context, claims.language, view);
  if (const auto* clock = first_due(p, *policy->sla)) {
    view.due = clock->due;
    view.due_text = due_text(*clock, *policy, claims, runtime_.clock->now());
  }
  for (const auto& reason : policy->lifecycle->reject.entries) {
    view.reject_reasons.emplace_back(reason.code, claims.language == "de" ? reason.label_de : reason.label_en);
  }
  return view;
}

}  // namespace baton
