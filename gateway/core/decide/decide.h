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
  // What happened, in the past tense, for metrics and the log: "touch.recorded",
  // "stage.entered.mql", "stage.refused", "clock.started.accept", "clock.warned.accept",
  // "clock.breached.first_contact", "clock.stopped.accept", "handover.offered",
  // "handover.accepted", "assignment.made", ...
  std::vector<std::string> events;
  // Hashes of the receipts among the reasons ("handover.receipt"), in order: what is sealed with
  // the log.
  std::vector<std::string> receipts;
};

// The heart of Baton: one event, one person, one policy, one instant in, the next state out. Pure
// and total: no I/O, clock, randomness, logging or exceptions; integers only. The same arguments
// give the same bytes on any machine. `now` is never before person.last_now (decide clamps it).
// A person that does not exist yet is an empty PersonState with its id set.
Decision decide(const PersonState& person, const Event& event, const Policy& policy, Instant now);
// The same without a copy, for callers that have no more use for the person.
Decision decide(PersonState&& person, const Event& event, const Policy& policy, Instant now);

// The timers that the person has by its document. The store's index of timers follows from them.
std::vector<TimerChange> timers_of(const PersonState& person);

// Whether CRMs get to see this person: somebody they could reach, from the stage on that the policy
// names (`push_from`); once shown, always.
bool is_shown(const PersonState& person, const LifecyclePolicy& policy);

}  // namespace baton
