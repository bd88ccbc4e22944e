#pragma once

#include <array>
#include <bitset>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "gateway/core/lifecycle_policy.h"

namespace baton {

// policy/sla.yaml, compiled: the clocks that run on a lead, what starts, pauses and stops them, and
// what counts as evidence that a human acted. Read-only once loaded.

// Moments in the life of an episode that clocks start and stop at.
enum class ClockMoment : std::uint8_t {
  kMql, kOffered, kAssigned, kAccepted, kRejected, kAttempt, kReached, kQualified,
  kLead, kRequested, kTaskOpened, kTaskDone, kCadenceDone, kMeetingBooked, kMeetingHeld, kMeetingMissed,
  kMeetingCancelled, kSentBack, kCorrected, kReasonMissing, kReasonGiven, kClosed,
};
inline constexpr int kClockMoments = static_cast<int>(ClockMoment::kClosed) + 1;
std::string_view to_string(ClockMoment moment);

// Conditions under which a clock stands still: marketing corrects the data; the lead asked to wait;
// nobody may call (domain 3.5).
enum class PauseCondition : std::uint8_t { kRework, kWaitingForLead, kBlockedByLaw };
inline constexpr int kPauseConditions = 3;

enum class OnReassign : std::uint8_t { kKeep, kRestart };
enum class OnBreach : std::uint8_t { kNone, kReassign, kAccept, kRecycle };

struct ClockDefinition {
  std::string id;                               // "first_contact"
  ClockMoment start = ClockMoment::kMql;
  std::bitset<kClockMoments> stop;
  std::bitset<kPauseConditions> pause;                         // by PauseCondition
  std::array<Duration, 3> budgets{};            // by Intent of the lead
  bool working_time = true;
  std::string calendar;                         // name, or "rep": the owner's own
  OnReassign on_reassign = OnReassign::kKeep;
  OnBreach on_breach = OnBreach::kNone;
  std::vector<int> warnings, escalations;       // percent of the budget, rising, below and above 100
  std::string label_en, label_de;

  bool stops_at(ClockMoment moment) const { return stop[static_cast<std::size_t>(moment)]; }
  bool pauses_on(PauseCondition condition) const { return pause[static_cast<std::size_t>(condition)]; }
  // The first step beyond `percent`: a warning, 100 for the breach, an escalation; 0 where none is.
  int step_after(int percent) const;
};

struct SlaPolicy {
  std::string hash;
  Approvals approvals;
  std::string calendar;                         // default of clocks
  std::vector<ClockDefinition> clocks;          // sorted by id
  int max_hops = 2;                             // re-assignments of one episode, for whatever reason
  int reassign_on_breach = 1;                   // of them, because an owner let it lapse
  std::string marketing;                        // rep id that hears of leads sent back for correction
  bool accept_external_id = true, accept_attested = true;
  std::vector<std::string> human_channels;      // sorted: what a human contact can be made through

  const ClockDefinition* find(std::string_view id) const;
  bool is_human_channel(std::string_view channel) const;
};

// Expects a document that check_schema(document, "sla") has seen. Names of calendars are checked by
// load_policy. Null where it adds an error.
std::shared_ptr<const SlaPolicy> load_sla(const YamlDocument& yaml, Findings& findings);

}  // namespace baton
