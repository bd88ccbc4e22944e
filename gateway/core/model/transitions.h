#pragma once

#include <span>
#include <string_view>

#include "gateway/core/model/person.h"

namespace baton {

// The allowed ways between the stages of an episode (domain 5.2). Names and order of the stages are
// fixed; what has to be met to go a way is policy (lifecycle_policy.h). What is not in the table is
// refused, with a reason, whoever asks for it.
struct Transition {
  std::string_view id;  // "T4"
  Stage from = Stage::kCaptured;
  Stage to = Stage::kLead;
};

std::span<const Transition> transitions();

// The transition by id from a stage; nullptr where the table has none.
const Transition* find_transition(std::string_view id, Stage from);
bool is_legal(Stage from, Stage to);

// Place in the funnel: lead 1, mql 2, sal 3, sql 4, opportunity 5, won and lost 6; 0 for the
// others.
int funnel_rank(Stage stage);

// The stage one step further down the funnel, and the transition that leads there: for the stamps
// of stages that were jumped over (D11). Nothing behind opportunity.
const Transition* next_step_down(Stage from);

}  // namespace baton
