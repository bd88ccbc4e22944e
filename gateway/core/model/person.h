#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "gateway/core/model/ids.h"
#include "gateway/core/model/lead_hold.h"
#include "gateway/core/model/reason.h"
#include "mapping/map/touch.h"

namespace baton {

// The person document: the unit of consistency. It contains everything that decide() needs, and
// only decide() changes it. The log has the full history; touches that scoring no longer needs one
// by one are in the per-day sums.

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

// The source of a profile field. The latest statement wins, and at the same instant the greater
// touch id, so that the order of arrival does not matter.
struct Provenance {
  Instant at;
  std::string source;
  std::string touch;
};

// The part of a touch that scoring, windows and explanations need.
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

// Older touches, counted by day and type.
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

// A span of a clock's life. Readers intersect counted time with the calendar.
enum class SegmentKind : std::uint8_t { kCounted, kPaused };
struct ClockSegment {
  Instant from;
  std::optional<Instant> to;  // nothing: up to now
  SegmentKind kind = SegmentKind::kCounted;
};

enum class ClockState : std::uint8_t { kRunning, kPaused, kStopped, kCancelled };
std::string_view to_string(ClockState state);
std::optional<ClockState> parse_clock_state(std::string_view name);

// A rep's answer to the alerts of a clock.
struct AlertAnswer {
  RepId rep;
  std::optional<Instant> until;  // when they want to be reminded; nothing: not at all
};

// One SLA clock. Its timer is set to `next`, the instant of its next warning, breach or escalation.
// Due times follow from the definition, the calendar and the segments; they are computed when the
// clock starts or resumes and when the policy changes.
struct ClockInstance {
  ClockId id;
  std::string definition;  // "accept", "first_contact"
  std::uint32_t generation = 1;
  ClockState state = ClockState::kRunning;
  RepId owner;  // the rep who must meet it; "": the team
  std::string team;
  std::string calendar;  // its name
  Duration budget;
  bool working_time = true;
  Instant started_at;  // the event time it counts from (clamped to the past)
  Instant due;
  std::optional<Instant> next;
  int level = 0;  // the last step done, in percent of the budget: 100 is the breach
  std::optional<Instant> breached_at, stopped_at;
  std::string stopped_by;      // evidence id or reason
  bool late_evidence = false;  // the breach does not count: evidence came late
  std::vector<ClockSegment> segments;
  std::string subject;                   // id of its handover, task or meeting; "" : the lead
  std::string excused;                   // why a breach does not count: "downtime", "import"
  RepId acknowledged_by;                 // the rep who gave the newest answer (decide/alert.h)
  std::optional<Instant> snoozed_until;  // when that rep wants to be reminded
  std::string policy;                    // ClockRules::id of the rules behind `due`
  Duration done;                         // time counted at the last step; if zero, see `level`
  std::vector<RepId> notified;           // reps who got a breach or an escalation
  std::optional<Instant> act_at;         // when the action on the breach stops waiting for the CRM
  // After a policy change that counts from now on: the time counted by the earlier rules.
  Duration carried;
  std::optional<Instant> carried_until;
  std::vector<AlertAnswer> acknowledgements;  // earlier answers of other reps, oldest first
};

// One offer of the lead to a rep. The receipt is the hash of the receipt's canonical JSON.
struct Handover {
  HandoverId id;
  HandoverState state = HandoverState::kDrafted;
  RepId rep;
  std::string pool;
  int hop = 0;
  Instant offered_at;
  std::optional<Instant> delivered_at, seen_at, decided_at;
  std::string reason;    // of a rejection
  std::string receipt;   // SHA-256, hex
  std::string previous;  // the receipt before in the chain; "" for the first
};

// Work for a person in sales: to find out whether a new lead fits (E3), one step of the cadence of
// connect calls (E4), or to find another date after a missed meeting.
enum class TaskKind : std::uint8_t { kQualify, kConnect, kReschedule };
std::string_view to_string(TaskKind kind);
std::optional<TaskKind> parse_task_kind(std::string_view name);

enum class TaskState : std::uint8_t { kOpen, kBlocked, kDone, kCancelled };
std::string_view to_string(TaskState state);
std::optional<TaskState> parse_task_state(std::string_view name);

struct Task {
  std::string id;  // lead id + "/t" + number
  TaskKind kind = TaskKind::kQualify;
  TaskState state = TaskState::kOpen;
  RepId owner;  // "" : the team's queue
  std::string team;
  int step = 0;         // of the cadence, from 1; 0 for other tasks
  std::string channel;  // of the step: "phone", "email"
  Instant opened_at;
  std::optional<Instant> due_at;  // nothing: due at `opened_at`
  std::optional<Instant> closed_at;
  std::string result;     // "fit", "unfit", "unclear", an attempt's outcome, or the block
  bool notified = false;  // its timer has fired
};

// A meeting of the lead with a rep (E6).
enum class MeetingState : std::uint8_t { kBooked, kHeld, kNoShow, kCancelled };
std::string_view to_string(MeetingState state);
std::optional<MeetingState> parse_meeting_state(std::string_view name);

struct Meeting {
  std::string id;  // of the calendar tool, else lead id + "/m" + number
  MeetingState state = MeetingState::kBooked;
  Instant at;  // its beginning
  Instant booked_at;
  RepId rep;           // its host; "" : unknown
  std::string source;  // "calendly", "api", ...
  int moves = 0;       // how often it was moved
  std::optional<Instant> closed_at;
  std::string evidence;  // id of the evidence that it was held
  bool begun = false;    // its time has come, and its clocks run
};

// The task that CRMs were asked to show for a piece of work (sla/crm_task.h).
struct ShownTask {
  std::string id;                                   // CrmTask::id
  std::string state;                                // CrmTask::shown() of the newest request
  int asked = 0;                                    // number of requests
  std::map<std::string, std::string> external_ids;  // destination -> id of the task there
  std::vector<std::string> unsure;  // destinations that may have one with an unknown id
};

struct StageEntry {
  Stage stage = Stage::kLead;
  Instant at;
  std::string rule;      // to_string(Transition): "T4"
  bool implied = false;  // stamped on the way to a later stage
};

// The kind of evidence of a contact: the id of a call, mail or meeting in another system, or
// the word of the owner.
enum class EvidenceKind : std::uint8_t { kExternalId, kAttested };
std::string_view to_string(EvidenceKind kind);
std::optional<EvidenceKind> parse_evidence_kind(std::string_view name);

struct Attempt {
  Instant at;
  RepId rep;
  std::string channel, outcome, evidence;
  std::optional<EvidenceKind> evidence_kind;
};

// An episode of interest. The newest one stays in PersonState::lead until the next one opens, even
// if it is closed (nurture, won, lost, disqualified).
struct Lead {
  LeadId id;
  int cycle = 1;
  Stage stage = Stage::kLead;
  WorkStatus work = WorkStatus::kUnassigned;
  Intent type = Intent::kInformational;
  Instant opened_at;
  Instant trigger_at;  // event time of the touch that made it MQL
  RepId owner;         // "" : none
  std::string pool, route_rule;
  int hops = 0;                              // requests for an owner so far
  std::string open_request;                  // key of the OwnerRequest without an answer; "" : none
  int waits = 0;                             // answers without an owner
  std::optional<Instant> ask_again_at;       // when to ask the pool again
  std::optional<Instant> notified_again_at;  // last message about a repeated request
  std::vector<RepId> excluded_reps;          // reps who must not get it back
  std::vector<StageEntry> stages;            // oldest first
  std::vector<Handover> handovers;           // oldest first; only the last may be open
  std::vector<Attempt> attempts;
  std::string ask;                     // their newest message
  std::string reason;                  // why it was closed, rejected, disqualified
  std::optional<LeadHold> hold;        // the lead is on hold
  std::optional<Instant> revisit_at;   // when nurture, opt-in or cool-down ends
  std::optional<Instant> score_floor;  // after a recycle only newer touches count for T17
  std::vector<Task> tasks;             // oldest first, newest 24
  std::vector<Meeting> meetings;       // oldest first, newest 8
  std::string
      contact_basis;    // why a call is lawful: "express", "presumed", "contract"; "" : it is not
  std::string blocked;  // why no rep may call: "blocked_by_law:<why>"; "" : a rep may
  std::string draft_receipt;     // the newest receipt if it is about a request for an owner
  std::vector<ShownTask> shown;  // tasks in CRMs, oldest first, newest 32
};

// Score in milli-points (no floating point anywhere in decisions).
struct ScoreLine {
  std::string_view rule;  // a name in the policy, which has to outlive the line
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
  PersonId id;
  Instant created_at;
  Instant last_now;  // never decreases
  PersonFacts profile;
  std::map<std::string, Provenance, std::less<>> provenance;  // by name of the field
  std::vector<std::string> claims;  // HMACs of the claims that identify the person
  std::vector<ConsentState> consents;
  std::optional<Instant> objected_at;  // Art. 21 (2) DSGVO: no scoring, no clocks, no offers
  Attribution first_touch, last_touch;
  std::vector<KeptTouch> touches;  // newest 200 within the longest window, by (at, id)
  std::vector<DaySum> sums;
  std::vector<std::uint64_t> archived_touch_hashes;  // of the ids of touches in `sums`, newest 512
  std::vector<std::string> feedback;                 // ids of applied feedback, newest 64
  ScoreSnapshot score;
  std::optional<Lead> lead;           // the newest episode, open or closed
  std::vector<Lead> past;             // earlier episodes, oldest first, newest 8
  std::vector<ClockInstance> clocks;  // of the newest episode; ended ones stay until the next opens
  std::map<std::string, std::uint32_t> generations;  // clock definition -> last generation
  std::map<std::string, std::string> external_ids;   // destination -> id over there
  RepId account_owner;                               // the contact's owner in the CRM; "" : unknown
  std::optional<Instant> account_owner_at;
};

bool is_open(Stage stage);  // lead, mql, sal, sql, opportunity: sales or marketing works on it
bool is_open(HandoverState state);  // drafted, offered, delivered, seen
bool is_open(TaskState state);      // open, or blocked: still to be done

// The newest lead if it is open, otherwise nullptr.
const Lead* open_lead(const PersonState& person);
// The last handover if it is open, otherwise nullptr.
const Handover* open_handover(const Lead& lead);

}  // namespace baton
