#include "gateway/core/model/transitions.h"

namespace baton {
namespace {

constexpr Transition kTransitions[] = {
    {"T1", Stage::kCaptured, Stage::kCaptured}, {"T2", Stage::kCaptured, Stage::kLead},
    {"T3", Stage::kCaptured, Stage::kErased},   {"T4", Stage::kLead, Stage::kMql},
    {"T5", Stage::kLead, Stage::kNurture},      {"T6", Stage::kMql, Stage::kSal},
    {"T7", Stage::kMql, Stage::kMql},           {"T8", Stage::kMql, Stage::kMql},
    {"T9", Stage::kMql, Stage::kNurture},       {"T10", Stage::kSal, Stage::kSql},
    {"T11", Stage::kSal, Stage::kNurture},      {"T12", Stage::kLead, Stage::kDisqualified},
    {"T12", Stage::kMql, Stage::kDisqualified}, {"T12", Stage::kSal, Stage::kDisqualified},
    {"T12", Stage::kSql, Stage::kDisqualified}, {"T13", Stage::kSql, Stage::kOpportunity},
    {"T14", Stage::kSql, Stage::kNurture},      {"T15", Stage::kOpportunity, Stage::kWon},
    {"T15", Stage::kOpportunity, Stage::kLost}, {"T16", Stage::kLost, Stage::kNurture},
    {"T17", Stage::kNurture, Stage::kMql},      {"T18", Stage::kDisqualified, Stage::kLead},
    {"T19", Stage::kLead, Stage::kMql},
};

}  // namespace

std::span<const Transition> transitions() { return kTransitions; }

const Transition* find_transition(std::string_view id, Stage from) {
  for (const auto& t : kTransitions) {
    if (t.id == id && t.from == from) return &t;
  }
  return nullptr;
}

bool is_legal(Stage from, Stage to) {
  for (const auto& t : kTransitions) {
    if (t.from == from && t.to == to) return true;
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

const Transition* next_step_down(Stage from) {
  switch (from) {
    case Stage::kLead:
      return find_transition("T19", from);
    case Stage::kMql:
      return find_transition("T6", from);
    case Stage::kSal:
      return find_transition("T10", from);
    case Stage::kSql:
      return find_transition("T13", from);
    default:
      return nullptr;
  }
}

}  // namespace baton
