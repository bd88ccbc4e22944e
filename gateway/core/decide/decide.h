#pragma once

#include <memory>
#include <string>
#include <vector>

#include "gateway/core/model/effect.h"
#include "gateway/core/model/event.h"
#include "gateway/core/model/person.h"
#include "gateway/core/model/reason.h"

namespace baton {

struct Policy;  // gateway/core/policy/policy.h
struct LifecyclePolicy;

// Sets a timer, or removes it: of a clock, or "score" (next crossing of a threshold), "wake" (a
// lead asked to be called again then), "route" (ask the pool again), "task:<id>" (it is due),
// "meeting" (it begins), "opt_in" (nobody confirmed), "cool_down" (lost long enough).
struct ClockTimer {
  std::string clock;
  std::optional<Instant> due;
};

struct Decision {
  PersonState next;
  bool changed = false;         // false: nothing to commit (a repeat, an ignored timer)
  std::vector<Effect> effects;  // in order
  std::vector<ClockTimer> timers;
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

// The timers a person has, by what the document says. The index of timers in the store follows from
// it.
std::vector<ClockTimer> timers_of(const PersonState& person);

// Whether CRMs get to see this person: somebody they could reach, from the stage on that the policy
// names (`push_from`); once shown, always.
bool is_shown(const PersonState& person, const LifecyclePolicy& policy);

}  // namespace baton
