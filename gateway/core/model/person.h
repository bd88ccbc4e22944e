#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <boost/json/value.hpp>

#include "gateway/core/model/lead_hold.h"
#include "gateway/core/model/reason.h"
#include "mapping/map/touch.h"

namespace baton {

// The person document: the unit of consistency. Everything decide needs is in it, and decide is the
// only thing that changes it. Full history is in the log; what scoring can do without is folded
// into per-day sums.

enum class Stage : std::uint8_t {
  kCaptured,
  kLead,
  kMql,
  kSal,
  kSql,
  kOpportunity,
  kWon,
  kLost,
  kNurture,
  kDisqualified,
  kMerged,
  kErased,
};
std::string_view to_string(Stage stage);
std::optional<Stage> parse_stage(std::string_view name);

enum class WorkStatus : std::uint8_t {
  kUnassigned,
  kAssigned,
  kAttempting,
  kConnected,
  kWaitingForLead,
  kMeetingBooked
};
std::string_view to_string(WorkStatus status);
std::optional<WorkStatus> parse_work_status(std::string_view name);

enum class HandoverState : std::uint8_t {
  kDrafted,
  kOffered,
  kDelivered,
  kSeen,
  kAccepted,
  kRejected,
  kExpired,
  kWithdrawn,
  kSuperseded,
};
std::string_view to_string(HandoverState state);
std::optional<HandoverState> parse_handover_state(std::string_view name);

// Who said a profile field, and when it happened. The latest statement wins; at the same instant
// the greater touch id, so that the order of arrival does not matter.
struct Provenance {
  Instant at;
  std::string source;
  std::string touch;
};

// A touch as far as scoring, windows and explanation need it.
struct KeptTouch {
  std::string id;  // source + ":" + touch id
  TouchType type = TouchType::kFormSubmit;
  Intent intent = Intent::kInformational;
  Instant at;
  std::string asset, page_group;
  std::string channel, campaign;
  int dwell_s = 0;
  bool scorable = true;  // tracking basis and human likelihood allow scoring
};

// Touches beyond the kept ones, summed by day and type.
struct DaySum {
  std::int32_t day = 0;  // days since 1970-01-01 UTC
  TouchType type = TouchType::kFormSubmit;
  std::int32_t count = 0;
};

struct ConsentState {
  std::string purpose, channel;
  bool granted = false;
  std::string basis, wording, source;
  Instant at;
};

// A stretch of a clock's life. Counted time is intersected with the calendar when it is read.
enum class SegmentKind : std::uint8_t { kCounted, kPaused };
struct ClockSegment {
  Instant from;
  std::optional<Instant> to;  // open where running
  SegmentKind kind = SegmentKind::kCounted;
};

enum class ClockState : std::uint8_t { kRunning, kPaused, kStopped, kCancelled };
std::string_view to_string(ClockState state);
std::optional<ClockState> parse_clock_state(std::string_view name);

// Somebody who has answered the alerts of a clock: who, and until when he wants to hear nothing.
struct AlertAnswer {
  std::string rep;
  std::optional<Instant> until;  // nothing: for good
};

// One SLA clock. `next` is the instant at which something happens to it (warning, breach,
// escalation): that is its timer. Due times are derived from definition, calendar and segments when
// the clock starts, resumes or is changed by policy, never edited.
struct ClockInstance {
  std::string id;          // definition and generation: "first_contact#2"
  std::string definition;  // "accept", "first_contact"
  std::uint32_t generation = 1;
  ClockState state = ClockState::kRunning;
  std::string owner;  // whose promise it is; "" : the team's
  std::string team;
  std::string calendar;  // name, as of the start
  Duration budget;
  bool working_time = true;
  Instant started_at;  // the event time it counts from (clamped to the past)
  Instant due;
  std::optional<Instant> next;
  int level =
      0;  // last step done, in percent of the budget: 75 warned, 100 breached, 200 escalated
  std::optional<Instant> breached_at, stopped_at;
  std::string stopped_by;      // evidence id or reason
  bool late_evidence = false;  // the action happened in time, the news came late: not counted
  std::vector<ClockSegment> segments;
  std::string subject;  // id of the handover, task or meeting it is about; "" : the lead
  std::string excused;  // why a breach counts against nobody: "downtime", "import", "redrive"
  std::string
      acknowledged_by;  // rep whose answer to an alert is the newest (gateway/core/decide/alert.h)
  std::optional<Instant> snoozed_until;  // who is told of it again only then
  std::string policy;                    // rules its due time was computed by: ClockRules::id
  Duration done;  // time that had counted at the last step done; where zero, `level` says
  std::vector<std::string> notified;  // reps who got a breach or an escalation of it
  std::optional<Instant>
      act_at;  // when the breach is acted on, where that had to wait for news of the CRM
  // After a change of policy "from now on": so much had counted until then, by the rules before.
  Duration carried;
  std::optional<Instant> carried_until;
  std::vector<AlertAnswer> acknowledgements;  // answers of others before, oldest first
};

// What was handed over, to whom, by when. The receipt is the hash of its canonical JSON.
struct Handover {
  std::string id;  // lead id + "/" + hop
  HandoverState state = HandoverState::kDrafted;
  std::string rep;
  std::string pool;
  int hop = 0;
  Instant offered_at;
  std::optional<Instant> delivered_at, seen_at, decided_at;
  std::string reason;    // of a rejection
  std::string receipt;   // SHA-256, hex
  std::string previous;  // receipt of the state before, "" for the first: the chain
};

// A piece of work for a human: finding out whether a new lead fits (E3), one step of the cadence of
// connect calls (E4).
enum class TaskState : std::uint8_t { kOpen, kBlocked, kDone, kCancelled };
std::string_view to_string(TaskState state);
std::optional<TaskState> parse_task_state(std::string_view name);

struct Task {
  std::string id;    // lead id + "/t" + number
  std::string kind;  // "qualify", "connect", or "reschedule" after an appointment was missed
  TaskState state = TaskState::kOpen;
  std::string owner;  // rep id; "" : the team's queue
  std::string team;
  int step = 0;         // of the cadence, from 1; 0 where it is of none
  std::string channel;  // what the step is to be done by
  Instant opened_at;
  std::optional<Instant> due_at;  // not before then; open since `opened_at` where it is not set
  std::optional<Instant> closed_at;
  std::string result;     // "fit", "unfit", "unclear", an attempt's outcome, or why it is blocked
  bool notified = false;  // that it is due: its timer has done its work
};

// An appointment, which hands a lead over better than any form does (E6).
enum class MeetingState : std::uint8_t { kBooked, kHeld, kNoShow, kCancelled };
std::string_view to_string(MeetingState state);
std::optional<MeetingState> parse_meeting_state(std::string_view name);

struct Meeting {
  std::string id;  // of the calendar tool, else lead id + "/m" + number
  MeetingState state = MeetingState::kBooked;
  Instant at;  // when it begins
  Instant booked_at;
  std::string rep;     // whose calendar it stands in; "" where unknown
  std::string source;  // "calendly", "api", ...
  int moves = 0;       // how often it was put off
  std::optional<Instant> closed_at;
  std::string evidence;  // that it was held
  bool begun = false;    // its time has come: the clocks that count from it run
};

// What CRMs were asked to show of a piece of work (crm_task.h).
struct ShownTask {
  std::string id;                                   // CrmTask::id
  std::string state;                                // as asked last: CrmTask::shown()
  int asked = 0;                                    // how often
  std::map<std::string, std::string> external_ids;  // destination -> the task's id over there
  std::vector<std::string> unsure;  // destinations that may have one although its id is not known
};

struct StageEntry {
  Stage stage = Stage::kLead;
  Instant at;
  std::string rule;      // transition: "T4"
  bool implied = false;  // stamped because a later stage was reached directly
};

struct Attempt {
  Instant at;
  std::string rep, channel, outcome, evidence, evidence_kind;  // "external_id", "attested"
};

// An episode of interest. A person's newest one stays in PersonState::lead, also when it is closed
// (nurture, won, lost, disqualified), until the next one opens.
struct Lead {
  std::string id;  // person id + "." + cycle
  int cycle = 1;
  Stage stage = Stage::kLead;
  WorkStatus work = WorkStatus::kUnassigned;
  Intent type = Intent::kInformational;
  Instant opened_at;
  Instant trigger_at;  // event time of the touch that made it MQL
  std::string owner, pool, route_rule;
  int hops = 0;                              // owners asked for so far
  std::string open_request;                  // OwnerRequest waiting for its answer
  int waits = 0;                             // answers that found nobody
  std::optional<Instant> ask_again_at;       // where nobody was found: when the pool is asked again
  std::optional<Instant> notified_again_at;  // when the owner last heard that they asked again
  std::vector<std::string> excluded_reps;    // reps it must not go back to
  std::vector<StageEntry> stages;            // oldest first
  std::vector<Handover> handovers;           // oldest first; only the last may be open
  std::vector<Attempt> attempts;
  std::string ask;                     // what they asked, newest
  std::string reason;                  // why it was closed, rejected, disqualified
  std::optional<LeadHold> hold;        // what the lead waits for
  std::optional<Instant> revisit_at;   // when nurture, opt-in or cool-down ends
  std::optional<Instant> score_floor;  // after a recycle only newer touches count for T17
  std::vector<Task> tasks;             // oldest first, newest 24
  std::vector<Meeting> meetings;       // oldest first, newest 8
  std::string contact_basis;  // what makes a call lawful: "express", "presumed", "contract"; "" :
                              // nothing does
  std::string blocked;        // why nobody may call, by domain 3.5; "" : somebody may
  std::string
      draft_receipt;  // newest receipt, where it is about no handover yet: an owner is asked for
  std::vector<ShownTask> shown;  // tasks in CRMs, oldest first, newest 32
};

// Score in milli-points (no floating point anywhere in decisions).
struct ScoreLine {
  std::string_view rule;  // a name in the policy, which must outlive the line
  std::string_view axis;  // "fit" or "engagement"
  std::string touch;
  std::int64_t points = 0;  // after decay and caps
  std::int64_t base = 0, decayed = 0, cut = 0;
};

struct ScoreSnapshot {
  std::int64_t fit = 0, engagement = 0, total = 0;
  std::string grade;  // "A1".."D4"
  bool disqualified = false;
  std::string disqualified_by;
  Instant at;
  std::optional<Instant> next_crossing;
  std::string policy;  // content hash of the scoring policy
};

struct PersonState {
  std::string id;
  Instant created_at;
  Instant last_now;  // never decreases
  PersonFacts profile;
  std::map<std::string, Provenance, std::less<>> provenance;  // field name -> who said it
  std::vector<std::string> claims;  // keyed claims that lead here, as HMAC text
  std::vector<ConsentState> consents;
  std::optional<Instant> objected_at;  // Art. 21 (2) DSGVO: no scoring, no clocks, no offers
  Attribution first_touch, last_touch;
  std::vector<KeptTouch> touches;  // newest 200 within the longest window, by (at, id)
  std::vector<DaySum> sums;
  std::vector<std::uint64_t>
      archived_touch_hashes;          // hashes of touch ids that are in `sums`, newest 512
  std::vector<std::string> feedback;  // ids of applied feedback, newest 64
  ScoreSnapshot score;
  std::optional<Lead> lead;           // the newest episode, open or closed
  std::vector<Lead> past;             // earlier episodes, oldest first, newest 8
  std::vector<ClockInstance> clocks;  // of the newest episode; ended ones stay until the next opens
  std::map<std::string, std::uint32_t> generations;  // clock definition -> last generation
  std::map<std::string, std::string> external_ids;   // destination -> id over there
  std::string account_owner;  // rep to whom a CRM says the contact belongs; "" : unknown
  std::optional<Instant> account_owner_at;
};

// Whether sales or marketing still works on it: lead, mql, sal, sql, opportunity.
bool is_open(Stage stage);
bool is_open(HandoverState state);                 // drafted, offered, delivered, seen
bool is_open(TaskState state);                     // open, or blocked: still to be done
const Lead* open_lead(const PersonState& person);  // nullptr where none is open
const Handover* open_handover(const Lead& lead);   // nullptr where none is open

// The document as it is stored: packed (gateway/core/model/pack.h), format version 3 where there is
// a stem, else 2. The reader takes version 1 as well, which was JSON. `stem`: the personal part of
// the person's first event.
std::string write_person(const PersonState& person, std::string_view stem = {});
Result<PersonState> read_person(std::string_view document, std::string_view stem = {});

// The same as JSON, for eyes and tests: format version 1. Members are left out where empty.
boost::json::value to_json(const PersonState& person);
Result<PersonState> person_state_from_json(const boost::json::value& json);

}  // namespace baton
