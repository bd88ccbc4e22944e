#pragma once

#include <vector>

#include "gateway/core/decision/decision.h"
#include "gateway/core/model/event.h"

namespace baton {

struct Policy;  // gateway/core/policy/policy.h
struct LifecyclePolicy;

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
