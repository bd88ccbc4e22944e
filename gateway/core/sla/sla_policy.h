#pragma once

#include <array>
#include <bitset>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "gateway/core/lifecycle/lifecycle_policy.h"
#include "gateway/core/sla/forecast.h"
#include "gateway/core/sla/period.h"
#include "gateway/core/text/label.h"

namespace baton {

// policy/sla.yaml, compiled: the clocks that run on a lead, the moments that start, pause and stop
// them, and the evidence that a human acted. Read-only once loaded.

// Moments in the life of an episode at which clocks start and stop.
enum class ClockMoment : std::uint8_t {
  kMql,
  kOffered,
  kAssigned,
  kAccepted,
  kRejected,
  kAttempt,
  kReached,
  kQualified,
  kLead,
  kRequested,
  kTaskOpened,
  kTaskDone,
  kCadenceDone,
  kMeetingBooked,
  kMeetingHeld,
  kMeetingMissed,
  kMeetingCancelled,
  kSentBack,
  kCorrected,
  kReasonMissing,
  kReasonGiven,
  kClosed,
};
inline constexpr int kClockMoments = static_cast<int>(ClockMoment::kClosed) + 1;
std::string_view to_string(ClockMoment moment);

// Conditions that pause a clock: marketing corrects the data, the lead asked to wait, or no call is
// lawful.
enum class PauseCondition : std::uint8_t { kRework, kWaitingForLead, kBlockedByLaw };
inline constexpr int kPauseConditions = 3;
std::string_view to_string(PauseCondition condition);

// The subject of a clock. Beside the clocks of the lead, each handover, task or meeting has its own
// clock, which only its own events stop.
enum class ClockSubject : std::uint8_t { kLead, kHandover, kTask, kMeeting };

enum class OnReassign : std::uint8_t {
  kKeep,     // a promise of the team: continues
  kRestart,  // a promise of each owner: ends; the next offer starts a new one
  kSplit,    // the next owner gets the rest of the budget
};
enum class OnBreach : std::uint8_t { kNone, kReassign, kAccept, kRecycle };

// A step of a clock: a warning before its end, the breach at its end, or an escalation after it.
// Its place is a share of the budget, or an offset from the end in the clock's own time.
struct ClockStep {
  int percent = 0;              // of the budget; 0: `offset` applies
  Duration offset;              // negative: before the end; positive: after it
  std::vector<std::string> to;  // "owner", "team_lead", "head", "marketing", or a rep's id

  // Counted time at which the step runs. Zero or negative: the budget is too small for this step.
  Duration counted(Duration budget) const;
  std::string name() const;  // "75", "30m left", "2h over": identifies the step in keys of messages
};

// The leads for which a clock starts: each list that is not empty must contain the lead's value.
struct ClockGuard {
  std::vector<std::string> types, grades, pools;
  std::vector<std::string> rules;  // of policy/routing.yaml; "catch_all": no rule matched
};

struct ClockDefinition {
  std::string id;  // "first_contact"
  ClockSubject subject = ClockSubject::kLead;
  bool of_marketing = false;  // marketing is accountable, else sales
  ClockGuard when;
  std::bitset<kClockMoments> start, stop, cancel, reset, resume;
  std::bitset<kPauseConditions> pause;
  bool from_event = true;  // counts from the event's time (G11), else from the time of processing
  std::array<Duration, 3> budgets{};  // by Intent of the lead
  bool working_time = true;
  std::string calendar;  // name, or "rep", "team", "lead": the source of the calendar
  std::string zone;      // IANA name, "rep" or "lead"; "": the calendar's zone
  OnReassign on_reassign = OnReassign::kKeep;
  OnBreach on_breach = OnBreach::kNone;
  bool track_late = true;        // continues to count after the breach (G18)
  std::vector<ClockStep> steps;  // warnings, breach, escalations
  Label label;

  bool starts_at(ClockMoment m) const { return start[static_cast<std::size_t>(m)]; }
  bool stops_at(ClockMoment m) const { return stop[static_cast<std::size_t>(m)]; }
  bool cancels_at(ClockMoment m) const { return cancel[static_cast<std::size_t>(m)]; }
  bool resets_at(ClockMoment m) const { return reset[static_cast<std::size_t>(m)]; }
  bool resumes_at(ClockMoment m) const { return resume[static_cast<std::size_t>(m)]; }
  bool pauses_on(PauseCondition condition) const {
    return pause[static_cast<std::size_t>(condition)];
  }
  bool stops_on_contact() const {
    return stops_at(ClockMoment::kAttempt) || stops_at(ClockMoment::kReached);
  }
  // The first step that runs after more than `done` has counted. Null if there is none.
  const ClockStep* step_after(Duration done, Duration budget) const;
};

// Business time of leads by their place; the first match wins (`calendar: lead`, `zone: lead`).
struct ClockPlace {
  std::vector<std::string> countries, regions;  // ISO 3166; empty: any
  std::string calendar, zone;                   // "": the default's
};

// The effect of a change of this policy on running clocks (G20).
enum class OnChange : std::uint8_t { kNewOnly, kFromNow, kRetroactive };
std::string_view to_string(OnChange mode);

struct SlaPolicy {
  std::string hash;
  Approvals approvals;
  std::string calendar;  // default of clocks
  OnChange on_change = OnChange::kNewOnly;
  std::vector<ClockPlace> places;
  std::vector<ClockDefinition> clocks;   // sorted by id
  int max_hops = 2;                      // most re-assignments in one episode, for any reason
  int reassign_on_breach = 1;            // of these, after an owner let it lapse
  RepId marketing;                       // notified of leads sent back for correction
  Duration downtime_after = minutes(1);  // a step this late is Baton's fault
  bool accept_external_id = true, accept_attested = true;
  std::vector<PeriodDefinition> periods;  // sorted by id: marketing's promises by week or month
  ForecastPolicy forecast;
  std::vector<std::string> human_channels;  // sorted: kinds of contact that count as human

  const ClockDefinition* find(std::string_view id) const;
  bool is_human_channel(std::string_view channel) const;
};

// Compiles a document that has passed check_schema(document, "sla"). load_policy checks the names
// of calendars. Returns null if it adds an error.
std::shared_ptr<const SlaPolicy> load_sla(const YamlDocument& yaml, Findings& findings);

}  // namespace baton
