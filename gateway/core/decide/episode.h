#pragma once

#include "gateway/core/decision/decision_context.h"
#include "gateway/core/model/transitions.h"

namespace baton {

// The stages of a lead's episode.

// The cause of a change to MQL: a touch, an SDR's answer, or time alone.
struct Trigger {
  Instant at;
  Intent intent = Intent::kInformational;
  std::string touch;  // "" if time or a human is the trigger
  std::string rule;   // "lifecycle.mql.types", ...; "" if consider_mql() has to find it
};

// Closes the books on the newest lead and opens the next one in stage `first`.
void open_episode(DecisionContext& s, Instant at, Intent type, Transition transition,
                  Stage first = Stage::kLead);

// T4 from lead, T17 from nurture, if the policy's conditions hold.
void consider_mql(DecisionContext& s, const Trigger& trigger);

// Makes the lead an MQL and asks for an owner. Returns false if the transition is refused.
bool hand_over(DecisionContext& s, const Trigger& trigger, Transition transition);

// Makes the lead an MQL without asking for an owner. Returns false if the transition is refused.
bool become_mql(DecisionContext& s, const Trigger& trigger, Transition transition);

// Enters a stage by a transition of the table, or refuses it and returns false. `implied`: the
// stage is stamped on the way to a later one.
bool enter(DecisionContext& s, Transition transition, Stage to, bool implied = false);

// Enters the stages between the lead's and `to` (exclusive) as implied.
void imply_until(DecisionContext& s, Stage to);

// Reports that what the event wanted was refused, and why.
void refuse(DecisionContext& s, std::string_view wanted, std::string_view why,
            std::initializer_list<Fact> facts = {});

// Leaves the funnel for nurture, won, lost or disqualified. Ends clocks, tasks, the handover and
// the request for an owner. Returns false if the transition is refused.
bool close_episode(DecisionContext& s, Transition transition, Stage to, std::string_view reason);

// Whether the touches after `floor` alone would make an MQL.
bool is_engaged_since(const DecisionContext& s, Instant floor);

// Computes the score again. Returns true if the grade changed.
bool rescore(DecisionContext& s);

}  // namespace baton
