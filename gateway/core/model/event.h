#pragma once

#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "gateway/core/model/reason.h"
#include "gateway/core/model/timer_id.h"
#include "mapping/map/touch.h"

namespace baton {

// Everything that can change a person: deliveries, timers, feedback of sales, picked owners,
// outcomes of effects and changes of policy.

struct TouchesReceived {
  std::vector<Touch> touches;  // of one person; applied ones are refused one by one
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
  std::string rep;                  // "" : the pool has no rep for the lead
  Reasons reasons;                  // candidates, exclusions, the pool before and after, tie-break
  std::optional<Instant> retry_at;  // without a rep: when one may be free
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

// Feedback of sales, from the action page, the admin API or a CRM. CRMs send touches of crm_*
// types, which decide() reads as feedback.
struct SalesFeedback {
  FeedbackKind kind = FeedbackKind::kAccept;
  std::string id;        // unique: a repeat changes nothing
  std::string via;       // "action_page", "api", "crm:hubspot"
  std::string rep;       // the speaker; "" : unknown
  std::string handover;  // "" : the open one
  std::string reason;    // code of the reason to reject, recycle, disqualify or lose
  std::string note;
  // kAttempt, kReached: an action of a human. The evidence is the external id of a call, mail or
  // meeting. It is empty for an attested click of the owner, and decide() makes an id.
  std::string channel;  // "phone", "email", ...
  std::string outcome;  // "no_answer", "busy", "reached", ...
  std::string evidence;
  std::string stage;               // kStage: "opportunity", "won", "lost"
  std::optional<bool> fits;        // kIcp
  std::optional<Instant> wake_at;  // kRecycle: when to ask again
  Instant at;                      // when it happened: evidence counts from then
  // "" or "human", or the machine that acted: "automatic" (auto-reply, bounce, out of office,
  // sequence), "bulk" (mass edit), "import", "bot". An act of a machine stops no clock.
  std::string actor;
  std::string clock;  // kAcknowledge, kSnooze: ClockInstance::id
  // kTask: Task::id, `outcome` "fit", "unfit" or "unclear". kMeeting: Meeting::id, `outcome`
  // "booked", "moved", "held", "no_show" or "cancelled", `wake_at` its beginning. kSnooze: until
  // `wake_at`.
  std::string item;
  PersonFacts facts;  // kTask: new facts about the person
  std::string host;   // kMeeting: the rep who hosts it
};

// The outcome of an effect that the person depends on: delivered, or failed for good.
struct EffectOutcome {
  std::string effect;  // effect key, or "push"
  std::string destination;
  bool delivered = false;
  std::string ref;     // id at the destination
  std::string reason;  // why it failed
};

// A new policy is in force. Running clocks are timed by it if it says so.
struct PolicyChanged {
  std::string rules;  // ClockRules::id
};

using EventBody = std::variant<TouchesReceived, TimerFired, OwnerPicked, SalesFeedback,
                               EffectOutcome, PolicyChanged>;

struct Event {
  std::string id;  // delivery id, "person:timer:due" or feedback id; for the log
  EventBody body;
};

}  // namespace baton
