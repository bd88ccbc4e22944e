#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <variant>

#include "gateway/core/model/ids.h"
#include "mapping/instant.h"
#include "mapping/map/touch.h"

namespace baton {

// Feedback of sales about a lead, from the action page, the admin API or a CRM. CRMs send touches
// of crm_* types, which decide() reads as feedback.

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
std::string_view to_string(FeedbackKind kind);
std::optional<FeedbackKind> parse_feedback_kind(std::string_view name);

// How a rep contacted the lead. The evidence is the external id of a call, mail or meeting. It is
// empty for an attested click of the owner, and decide() makes an id.
struct ContactFacts {
  std::string channel;  // "phone", "email", ...
  std::string outcome;  // "no_answer", "busy", "reached", ...
  std::string evidence;
  // "" or "human", or the machine that acted: "automatic" (auto-reply, bounce, out of office,
  // sequence), "bulk" (mass edit), "import", "bot". An act of a machine stops no clock.
  std::string actor;
};

struct Accept {};
struct Reject {
  std::string reason;  // code of the catalogue, as in the structs below
};
struct Contact {
  bool reached = false;
  ContactFacts how;
  std::optional<Instant> again_at;  // when the lead wants to be called again
};
struct Qualify {
  ContactFacts how;  // evidence here is a contact too
};
struct Recycle {
  std::string reason;
  std::optional<Instant> again_at;  // when to ask the lead again
};
struct Disqualify {
  std::string reason;
};
struct DealStage {
  std::string stage;   // "opportunity", "won", "lost"
  std::string reason;  // of "lost"
};
struct IcpAnswer {
  std::optional<bool> fits;
};
struct Seen {};
struct TaskAnswer {
  std::string task;    // Task::id; "" : the open task to qualify
  std::string answer;  // "fit", "unfit" or "unclear"
  PersonFacts facts;   // new facts about the person
};
struct MeetingReport {
  std::string meeting;  // Meeting::id; "" : the booked one
  std::string outcome;  // "booked", "moved", "held", "no_show" or "cancelled"
  std::string evidence;
  RepId host;
  std::optional<Instant> begins;  // of "booked" and "moved"
};
struct Acknowledge {
  ClockId clock;  // "" : the most urgent one
};
struct Snooze {
  ClockId clock;  // as above
  std::string reason;
  std::optional<Instant> until;
};
struct GiveReason {
  std::string reason;
};
struct Reopen {
  std::string reason;
  std::string outcome;  // "declined", or anything else for yes
};

using FeedbackBody =
    std::variant<Accept, Reject, Contact, Qualify, Recycle, Disqualify, DealStage, IcpAnswer, Seen,
                 TaskAnswer, MeetingReport, Acknowledge, Snooze, GiveReason, Reopen>;

struct SalesFeedback {
  std::string id;       // unique: a repeat changes nothing
  std::string via;      // "action_page", "api", "crm:hubspot"
  RepId rep;            // the speaker; "" : unknown
  HandoverId handover;  // "" : the open one
  std::string note;
  Instant at;  // when it happened: evidence counts from then
  FeedbackBody says;
};

FeedbackKind kind_of(const SalesFeedback& feedback);

// The reason that the feedback gives, by its code; "" if it gives none.
std::string_view reason_of(const SalesFeedback& feedback);

}  // namespace baton
