#include "gateway/core/decision/decision_context.h"

#include <cassert>

namespace baton {

DecisionContext::DecisionContext(const Policy& the_policy, const Event& the_event, Instant the_now,
                                 Decision& out)
    : policy(the_policy),
      event(the_event),
      now(the_now),
      person(out.next),
      sink(out),
      score(person, policy, now),
      notices(person, policy, now, std::get_if<TimerFired>(&event.body), score, sink),
      steps(person, policy, now, std::get_if<TimerFired>(&event.body), notices, sink),
      clocks(person, policy, now, steps, sink) {}

Lead* DecisionContext::lead() {
  return person.lead && is_open(person.lead->stage) ? &*person.lead : nullptr;
}

Lead& DecisionContext::open_lead() {
  auto* open = lead();
  assert(open != nullptr);
  return *open;
}

Lead& DecisionContext::newest_lead() {
  assert(person.lead);
  return *person.lead;
}

const Lead& DecisionContext::newest_lead() const {
  assert(person.lead);
  return *person.lead;
}

Handover* DecisionContext::handover() {
  auto* open = lead();
  if (open == nullptr || open->handovers.empty() || !is_open(open->handovers.back().state))
    return nullptr;
  return &open->handovers.back();
}

Activity& Activity::operator|=(const Activity& other) {
  attempted |= other.attempted;
  if (other.interest) interest = other.interest;
  return *this;
}

}  // namespace baton
