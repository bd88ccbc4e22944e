#include "gateway/core/model/person.h"

#include <array>

namespace baton {
namespace {

constexpr std::array<std::string_view, 12> kStages = {
    "captured", "lead", "mql",     "sal",          "sql",    "opportunity",
    "won",      "lost", "nurture", "disqualified", "merged", "erased"};
constexpr std::array<std::string_view, 6> kWork = {
    "unassigned", "assigned", "attempting", "connected", "waiting_for_lead", "meeting_booked"};
constexpr std::array<std::string_view, 9> kHandover = {"drafted", "offered",   "delivered",
                                                       "seen",    "accepted",  "rejected",
                                                       "expired", "withdrawn", "superseded"};
constexpr std::array<std::string_view, 4> kClock = {"running", "paused", "stopped", "cancelled"};
constexpr std::array<std::string_view, 3> kTaskKinds = {"qualify", "connect", "reschedule"};
constexpr std::array<std::string_view, 2> kEvidence = {"external_id", "attested"};
constexpr std::array<std::string_view, 4> kTask = {"open", "blocked", "done", "cancelled"};
constexpr std::array<std::string_view, 4> kMeeting = {"booked", "held", "no_show", "cancelled"};

template <class Enum, std::size_t N>
std::optional<Enum> parse(const std::array<std::string_view, N>& names, std::string_view name) {
  for (std::size_t i = 0; i < N; ++i) {
    if (names[i] == name) return static_cast<Enum>(i);
  }
  return std::nullopt;
}

}  // namespace

std::string_view to_string(Stage stage) { return kStages[static_cast<std::size_t>(stage)]; }
std::optional<Stage> parse_stage(std::string_view name) { return parse<Stage>(kStages, name); }

std::string_view to_string(WorkStatus status) { return kWork[static_cast<std::size_t>(status)]; }
std::optional<WorkStatus> parse_work_status(std::string_view name) {
  return parse<WorkStatus>(kWork, name);
}

std::string_view to_string(HandoverState state) {
  return kHandover[static_cast<std::size_t>(state)];
}
std::optional<HandoverState> parse_handover_state(std::string_view name) {
  return parse<HandoverState>(kHandover, name);
}

std::string_view to_string(ClockState state) { return kClock[static_cast<std::size_t>(state)]; }
std::optional<ClockState> parse_clock_state(std::string_view name) {
  return parse<ClockState>(kClock, name);
}

std::string_view to_string(TaskKind kind) { return kTaskKinds[static_cast<std::size_t>(kind)]; }
std::optional<TaskKind> parse_task_kind(std::string_view name) {
  return parse<TaskKind>(kTaskKinds, name);
}

std::string_view to_string(EvidenceKind kind) { return kEvidence[static_cast<std::size_t>(kind)]; }
std::optional<EvidenceKind> parse_evidence_kind(std::string_view name) {
  return parse<EvidenceKind>(kEvidence, name);
}

std::string_view to_string(TaskState state) { return kTask[static_cast<std::size_t>(state)]; }
std::optional<TaskState> parse_task_state(std::string_view name) {
  return parse<TaskState>(kTask, name);
}

std::string_view to_string(MeetingState state) { return kMeeting[static_cast<std::size_t>(state)]; }
std::optional<MeetingState> parse_meeting_state(std::string_view name) {
  return parse<MeetingState>(kMeeting, name);
}

bool is_open(Stage stage) {
  return stage == Stage::kLead || stage == Stage::kMql || stage == Stage::kSal ||
         stage == Stage::kSql || stage == Stage::kOpportunity;
}

bool is_open(HandoverState state) {
  return state == HandoverState::kDrafted || state == HandoverState::kOffered ||
         state == HandoverState::kDelivered || state == HandoverState::kSeen;
}

bool is_open(TaskState state) { return state == TaskState::kOpen || state == TaskState::kBlocked; }

const Lead* open_lead(const PersonState& person) {
  return person.lead && is_open(person.lead->stage) ? &*person.lead : nullptr;
}

const Handover* open_handover(const Lead& lead) {
  if (lead.handovers.empty() || !is_open(lead.handovers.back().state)) return nullptr;
  return &lead.handovers.back();
}

}  // namespace baton
