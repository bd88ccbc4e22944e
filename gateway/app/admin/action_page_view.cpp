#include "gateway/app/admin/admin_backend.h"
#include "gateway/app/views/action_view.h"

// The content of the page behind an alert's link.

namespace baton {
namespace {

// The earliest due time of a clock of sales.
const ClockInstance* first_due(const PersonState& person, const SlaPolicy& sla) {
  const ClockInstance* first = nullptr;
  for (const auto& clock : person.clocks) {
    const auto* definition = sla.find(clock.definition);
    if (clock.state != ClockState::kRunning || (definition && definition->of_marketing)) continue;
    if (first == nullptr || clock.due < first->due) first = &clock;
  }
  return first;
}

}  // namespace

Result<ActionView> AdminBackend::action_view(const ActionClaims& claims) {
  const std::lock_guard lock(mutex_);
  auto person = person_of(claims.lead);
  if (!person) return person.error();
  const PersonState& p = person->state;
  const auto policy = runtime_.configuration.policy.load();
  const PageContext context{p, *policy, claims, runtime_.node.clock->now()};
  if (auto page = other_page(context)) return std::move(*page);
  if (!p.lead || p.lead->handovers.empty()) return error(Errc::kNotFound, "no such handover");
  const Lead& lead = *p.lead;
  const Handover& handover = lead.handovers.back();
  ActionView view = page_of_person(context);
  const bool same =
      lead.id == claims.lead && handover.id == claims.subject && lead.owner == claims.rep;
  view.accepted = handover.state == HandoverState::kAccepted;
  view.current = same && is_open(lead.stage) && (is_open(handover.state) || view.accepted);
  view.offered_at = handover.offered_at;
  add_meeting(context, view);
  if (const auto* clock = first_due(p, *policy->sla)) {
    view.due = clock->due;
    view.due_text = due_text(context, *clock);
  }
  for (const auto& reason : policy->lifecycle->reject.entries) {
    view.reject_reasons.emplace_back(reason.code, reason.label.in(context.texts().tag()));
  }
  return view;
}

}  // namespace baton
