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

// policy/sla.yaml, compiled: the clocks that run on a lead, what starts, pauses and stops them, and
// what counts as evidence that a human acted. Read-only once loaded.

// Moments in the life of an episode that clocks start and stop at.
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

// Conditions under which a clock stands still: marketing corrects the data; the lead asked to wait;
// nobody may call (domain 3.5).
enum class PauseCondition : std::uint8_t { kRework, kWaitingForLead, kBlockedByLaw };
inline constexpr int kPauseConditions = 3;
std::string_view to_string(PauseCondition condition);

// What a clock is about. One of a handover, task or meeting runs for each of them, beside those of
// the lead, and is stopped only by what happens to it.
enum class ClockSubject : std::uint8_t { kLead, kHandover, kTask, kMeeting };

enum class OnReassign : std::uint8_t {
  kKeep,     // a promise of the team: goes on
  kRestart,  // a promise of each owner: ends, and the next one starts with the next offer
  kSplit,    // what is left of the budget is the next owner's
};
enum class OnBreach : std::uint8_t { kNone, kReassign, kAccept, kRecycle };

// What happens to a clock at a share of its budget, or so long before or behind its end, in the
// clock's own time: a warning before the end, the breach at it, an escalation behind it.
struct ClockStep {
  int percent = 0;              // of the budget; 0 : `offset` says
  Duration offset;              // before the end where negative, behind it where positive
  std::vector<std::string> to;  // "owner", "team_lead", "head", "marketing", or a rep's id

  // Time that has counted by then. Nothing, or less: the step does not apply to so small a budget.
  Duration counted(Duration budget) const;
  std::string name() const;  // "75", "30m left", "2h over": names it in keys of messages
};

// Which leads a clock starts for: every list that is not empty has to hold the lead's.
struct ClockGuard {
  std::vector<std::string> types, grades, pools;
  std::vector<std::string> rules;  // of policy/routing.yaml; "catch_all": no rule wanted it
};

struct ClockDefinition {
  std::string id;  // "first_contact"
  ClockSubject subject = ClockSubject::kLead;
  bool of_marketing = false;  // whose promise: sales', else marketing's
  ClockGuard when;
  std::bitset<kClockMoments> start, stop, cancel, reset, resume;
  std::bitset<kPauseConditions> pause;
  bool from_event = true;  // counts from the event's own time (G11), else from when it is seen
  std::array<Duration, 3> budgets{};  // by Intent of the lead
  bool working_time = true;
  std::string calendar;  // name, or "rep", "team", "lead": where it is looked up
  std::string zone;      // IANA name, "rep" or "lead"; "" : the calendar's own
  OnReassign on_reassign = OnReassign::kKeep;
  OnBreach on_breach = OnBreach::kNone;
  bool track_late = true;        // goes on counting behind the breach (G18)
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
  // The first step that comes when more than `done` has counted; null where none does.
  const ClockStep* step_after(Duration done, Duration budget) const;
};

// Business time of leads, by their place: the first that fits (`calendar: lead`, `zone: lead`).
struct ClockPlace {
  std::vector<std::string> countries, regions;  // ISO 3166; empty: any
  std::string calendar, zone;                   // "" : the default's
};

// What a change of this policy does to clocks that run (G20).
enum class OnChange : std::uint8_t { kNewOnly, kFromNow, kRetroactive };
std::string_view to_string(OnChange mode);

struct SlaPolicy {
  std::string hash;
  Approvals approvals;
  std::string calendar;  // default of clocks
  OnChange on_change = OnChange::kNewOnly;
  std::vector<ClockPlace> places;
  std::vector<ClockDefinition> clocks;   // sorted by id
  int max_hops = 2;                      // re-assignments of one episode, for whatever reason
  int reassign_on_breach = 1;            // of them, because an owner let it lapse
  std::string marketing;                 // rep id that hears of leads sent back for correction
  Duration downtime_after = minutes(1);  // a step that comes so late is Baton's own fault
  bool accept_external_id = true, accept_attested = true;
  std::vector<PeriodDefinition>
      periods;  // sorted by id: what marketing promises by the week or month
  ForecastPolicy forecast;
  std::vector<std::string> human_channels;  // sorted: what a human contact can be made through

  const ClockDefinition* find(std::string_view id) const;
  bool is_human_channel(std::string_view channel) const;
};

// Expects a document that check_schema(document, "sla") has seen. Names of calendars are checked by
// load_policy. Null where it adds an error.
std::shared_ptr<const SlaPolicy> load_sla(const YamlDocument& yaml, Findings& findings);

}  // namespace baton
