#pragma once

#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "gateway/core/model/reason.h"
#include "gateway/core/model/timer_id.h"
#include "mapping/map/touch.h"

namespace baton {

// Everything that can change a person. Deliveries, due clocks, feedback of sales, picked owners and
// delivery outcomes are all the same kind of thing; nothing else changes state.

struct TouchesReceived {
  std::vector<Touch> touches;  // of one person; touches already applied are refused one by one
};

// A timer was due at `due`. A person whose timer is set to another instant ignores it.
struct TimerFired {
  TimerId timer;
  Instant due;
  // Since when the CRM that sales works in has reported nothing, if that is too long ago. Alerts
  // then say so, and no rep loses a lead over a breach that may not be one.
  std::optional<Instant> stale_since = {};
};

// The pool's answer to an OwnerRequest.
struct OwnerPicked {
  std::string request;  // OwnerRequest::key
  std::string pool;
  std::string rep;  // "" : nobody could be picked
  Reasons reasons;  // candidates, exclusions, pool state before and after, tie-break
  std::optional<Instant> retry_at;  // where nobody: when somebody may be free (Pick::retry_at)
};

enum class FeedbackKind {
  kAccept,
  kReject,
  kAttempt,
  kReached,
  kQualify,
  kRecycle,
  kDisqualify,
  kStage,
  kIcp,
  kSeen,
  kTask,
  kMeeting,
  kAcknowledge,
  kSnooze,
  kReason,
  kReopen,
};

// What sales says: by action page, admin API, or the CRM (there as touches of crm_* types, which
// decide reads as feedback too).
struct SalesFeedback {
  FeedbackKind kind = FeedbackKind::kAccept;
  std::string id;        // unique: a repeat changes nothing
  std::string via;       // "action_page", "api", "crm:hubspot"
  std::string rep;       // who says so; "" where unknown
  std::string handover;  // "" : the open one
  std::string reason;    // reject, recycle, disqualify, lost: the reason's code
  std::string note;
  // kAttempt, kReached: typed human action. Evidence is an external id (call, mail, meeting), or
  // empty for an attested click of the authenticated owner, which mints one.
  std::string channel;  // "phone", "email", ...
  std::string outcome;  // "no_answer", "busy", "reached", ...
  std::string evidence;
  std::string stage;               // kStage: "opportunity", "won", "lost"
  std::optional<bool> fits;        // kIcp
  std::optional<Instant> wake_at;  // kRecycle: ask again then
  Instant at;                      // when it happened (evidence counts then, not when it was told)
  // Who or what did it, where that was no human of ours: "automatic" (auto-reply, bounce, out of
  // office, sequence), "bulk" (mass edit), "import", "bot". Such an act stops nothing.
  std::string actor;
  std::string clock;  // kAcknowledge, kSnooze: ClockInstance::id
  // kTask: Task::id, `outcome` "fit", "unfit" or "unclear". kMeeting: Meeting::id, `outcome`
  // "booked", "moved", "held", "no_show" or "cancelled", `wake_at` its beginning. kSnooze: until
  // `wake_at`.
  std::string item;
  PersonFacts facts;  // kTask: what was found out about the person
  std::string host;   // kMeeting: the rep in whose calendar it stands
};

// What became of an effect, where it matters to the person: a handover reached the CRM, an offer
// was sent, something was given up.
struct EffectOutcome {
  std::string effect;  // effect key, or "push"
  std::string destination;
  bool delivered = false;
  std::string ref;     // id over there
  std::string reason;  // why not
};

// A new policy is in force: clocks that run are timed by it, where it says so.
struct PolicyChanged {
  std::string rules;  // ClockRules::id
};

using EventBody = std::variant<TouchesReceived, TimerFired, OwnerPicked, SalesFeedback,
                               EffectOutcome, PolicyChanged>;

struct Event {
  std::string id;  // delivery id, "person:clock:due", feedback id: for the log
  EventBody body;
};

}  // namespace baton
