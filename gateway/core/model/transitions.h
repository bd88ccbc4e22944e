#pragma once

#include <cstdint>
#include <span>
#include <string_view>

#include "gateway/core/model/person.h"

namespace baton {

// The transitions between the stages of an episode, by their numbers in the agreement between
// marketing and sales.
enum class Transition : std::uint8_t {
  kT1,   // a new contact waits for the double opt-in
  kT2,   // a lead is open
  kT3,   // the double opt-in has expired
  kT4,   // a lead becomes an MQL
  kT5,   // a lead goes to nurture
  kT6,   // sales accepts an MQL
  kT7,   // an MQL goes to another owner
  kT8,   // an MQL goes back to marketing for correction
  kT9,   // an MQL goes to nurture
  kT10,  // a SAL becomes an SQL
  kT11,  // a SAL goes to nurture
  kT12,  // a lead is disqualified
  kT13,  // an SQL becomes an opportunity
  kT14,  // an SQL goes to nurture
  kT15,  // an opportunity is won or lost
  kT16,  // a lost lead goes to nurture after the cool-down
  kT17,  // a lead in nurture becomes an MQL again
  kT18,  // a disqualified lead comes back
  kT19,  // a lead skips MQL on the way to a later stage
};
std::string_view to_string(Transition transition);  // "T4"

// One row of the table of allowed stage changes. The names and the order of the stages are fixed;
// the policy says what a change requires (lifecycle_policy.h). A change that is not in the table is
// refused, with a reason.
struct StageChange {
  Transition transition = Transition::kT1;
  Stage from = Stage::kCaptured;
  Stage to = Stage::kLead;
};

std::span<const StageChange> stage_changes();

// The first change that the transition makes from this stage; nullptr if the table has none.
const StageChange* find_stage_change(Transition transition, Stage from);
bool is_legal(Stage from, Stage to);

// The place in the funnel: lead 1, mql 2, sal 3, sql 4, opportunity 5, won and lost 6, others 0.
int funnel_rank(Stage stage);

// The change to the next stage down the funnel, for the stamps of stages that were skipped. nullptr
// from opportunity on.
const StageChange* next_step_down(Stage from);

}  // namespace baton
