#pragma once

#include <string>
#include <vector>

#include "gateway/core/model/effect.h"
#include "gateway/core/model/person.h"
#include "gateway/core/model/reason.h"
#include "gateway/core/model/timer_id.h"

namespace baton {

// The result of decide(): the next state of a person, and what follows from it.
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

}  // namespace baton
