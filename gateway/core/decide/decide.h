#pragma once

#include <memory>
#include <string>
#include <vector>

#include "gateway/core/model/effect.h"
#include "gateway/core/model/event.h"
#include "gateway/core/model/person.h"
#include "gateway/core/model/reason.h"
#include "gateway/core/model/timer_id.h"

namespace baton {

struct Policy;  // gateway/core/policy/policy.h
struct LifecyclePolicy;

struct Decision {
  PersonState next;
  bool changed = false;         // false: nothing to commit (a repeat, an ignored timer)
  std::vector<Effect> effects;  // in order
  std::vector<TimerChange> timers;
  Reasons reasons;
  // The events, in the past tense, for metrics and the log: "touch.recorded", "stage.entered.mql",
  // "stage.refused", "clock.started.accept", "clock.breached.first_contact", "handover.offered",
  // "assignment.made", ...
  std::vector<std::string> events;
  // Hashes of the receipts among the reasons ("handover.receipt"), in order. The log seals them.
  std::vector<std::string> receipts;
};

// Computes the next state of a person from one event. Pure and total: no I/O, clock, randomness,
// logging or exceptions, and integers only. The same arguments give the same bytes on any machine.
// `now` is raised to person.last_now if it is earlier. A new person is an empty PersonState with
// its id.
Decision decide(const PersonState& person, const Event& event, const Policy& policy, Instant now);
// The same without a copy of the person.
Decision decide(PersonState&& person, const Event& event, const Policy& policy, Instant now);

// The timers that the person has by its document. The store's index of timers follows from them.
std::vector<TimerChange> timers_of(const PersonState& person);

// Whether CRMs get this person: a CRM has it already, or the person can be contacted and has
// reached the policy's stage `push_from`.
bool is_shown(const PersonState& person, const LifecyclePolicy& policy);

}  // namespace baton
