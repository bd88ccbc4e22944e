#include "gateway/core/decide/outcome.h"

#include "gateway/core/decide/crm_task.h"
#include "gateway/core/decide/feedback.h"
#include "gateway/core/decide/receipt.h"
#include "gateway/core/sla/crm_task.h"

namespace baton {
namespace {

void delivered(DecisionContext& s, const EffectOutcome& event) {
  auto& ref = s.person.external_ids[event.destination];
  if (!event.ref.empty() && ref != event.ref) {
    ref = event.ref;
    s.changed();
  }
  if (ref.empty()) s.person.external_ids.erase(event.destination);
  auto* handover = s.handover();
  if (handover == nullptr || handover->delivered_at) return;
  handover->delivered_at = s.now;
  if (handover->state == HandoverState::kOffered) handover->state = HandoverState::kDelivered;
  s.changed();
  s.happened("handover.delivered");
  s.because("handover.delivered", {},
            {{"destination", event.destination}, {"handover", handover->id}});
  state_receipt(s, *handover, s.now, {.destination = event.destination, .ref = event.ref});
}

}  // namespace

void decide_outcome(DecisionContext& s, const EffectOutcome& event) {
  const bool push = event.effect == "push";
  if (event.effect.starts_with(kTaskOutcome)) crm_task_outcome(s, event);
  if (event.delivered) {
    if (push) delivered(s, event);
    return;
  }
  if (!first_time(s, "outcome:" + s.event.id)) return;
  s.happened(push ? "push.failed" : "effect.failed");
  s.because("effect.failed", {},
            {{"effect", event.effect}, {"destination", event.destination}, {"why", event.reason}});
}

}  // namespace baton
