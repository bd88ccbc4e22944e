#include "gateway/core/model/transitions.h"

#include <array>

namespace baton {
namespace {

constexpr StageChange kChanges[] = {
    {Transition::kT1, Stage::kCaptured, Stage::kCaptured},
    {Transition::kT2, Stage::kCaptured, Stage::kLead},
    {Transition::kT3, Stage::kCaptured, Stage::kErased},
    {Transition::kT4, Stage::kLead, Stage::kMql},
    {Transition::kT5, Stage::kLead, Stage::kNurture},
    {Transition::kT6, Stage::kMql, Stage::kSal},
    {Transition::kT7, Stage::kMql, Stage::kMql},
    {Transition::kT8, Stage::kMql, Stage::kMql},
    {Transition::kT9, Stage::kMql, Stage::kNurture},
    {Transition::kT10, Stage::kSal, Stage::kSql},
    {Transition::kT11, Stage::kSal, Stage::kNurture},
    {Transition::kT12, Stage::kLead, Stage::kDisqualified},
    {Transition::kT12, Stage::kMql, Stage::kDisqualified},
    {Transition::kT12, Stage::kSal, Stage::kDisqualified},
    {Transition::kT12, Stage::kSql, Stage::kDisqualified},
    {Transition::kT13, Stage::kSql, Stage::kOpportunity},
    {Transition::kT14, Stage::kSql, Stage::kNurture},
    {Transition::kT15, Stage::kOpportunity, Stage::kWon},
    {Transition::kT15, Stage::kOpportunity, Stage::kLost},
    {Transition::kT16, Stage::kLost, Stage::kNurture},
    {Transition::kT17, Stage::kNurture, Stage::kMql},
    {Transition::kT18, Stage::kDisqualified, Stage::kLead},
    {Transition::kT19, Stage::kLead, Stage::kMql},
};

}  // namespace

std::string_view to_string(Transition transition) {
  constexpr std::array<std::string_view, 19> kNames = {
      "T1",  "T2",  "T3",  "T4",  "T5",  "T6",  "T7",  "T8",  "T9", "T10",
      "T11", "T12", "T13", "T14", "T15", "T16", "T17", "T18", "T19"};
  return kNames[static_cast<std::size_t>(transition)];
}

std::span<const StageChange> stage_changes() { return kChanges; }

const StageChange* find_stage_change(Transition transition, Stage from) {
  for (const auto& change : kChanges) {
    if (change.transition == transition && change.from == from) return &change;
  }
  return nullptr;
}

bool is_legal(Stage from, Stage to) {
  for (const auto& change : kChanges) {
    if (change.from == from && change.to == to) return true;
  }
  return false;
}

int funnel_rank(Stage stage) {
  switch (stage) {
    case Stage::kLead:
      return 1;
    case Stage::kMql:
      return 2;
    case Stage::kSal:
      return 3;
    case Stage::kSql:
      return 4;
    case Stage::kOpportunity:
      return 5;
    case Stage::kWon:
    case Stage::kLost:
      return 6;
    default:
      return 0;
  }
}

const StageChange* next_step_down(Stage from) {
  switch (from) {
    case Stage::kLead:
      return find_stage_change(Transition::kT19, from);
    case Stage::kMql:
      return find_stage_change(Transition::kT6, from);
    case Stage::kSal:
      return find_stage_change(Transition::kT10, from);
    case Stage::kSql:
      return find_stage_change(Transition::kT13, from);
    default:
      return nullptr;
  }
}

}  // namespace baton
