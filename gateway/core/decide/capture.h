#pragma once

#include "gateway/core/decide/episode.h"

#include "gateway/core/decision/decision_context.h"

namespace baton {

// Leads that wait: for the double opt-in, or for the cool-down after a loss.

// T1: opens an episode that waits until the person confirms their address.
void capture(DecisionContext& s, const Trigger& trigger);

bool awaits_opt_in(const DecisionContext& s);

// T2: the person has confirmed the address, or has acted in a way that proves it. Needs
// awaits_opt_in().
void confirm(DecisionContext& s, const Trigger& trigger);

// T3: the opt-in has expired; forgets the person. Returns false if the timer is out of date.
bool opt_in_due(DecisionContext& s, Instant due);

// T16: the cool-down of a lost lead is over. Returns false if the timer is out of date.
bool cool_down_due(DecisionContext& s, Instant due);

}  // namespace baton
