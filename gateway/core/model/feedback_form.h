#pragma once

#include "gateway/core/model/feedback.h"

namespace baton {

// Feedback as a flat list of members: those of the stored event and of a call of the API. Each kind
// uses some of them and ignores the others.
struct FeedbackForm {
  FeedbackKind kind = FeedbackKind::kAccept;
  std::string id, via, rep, handover, reason, note;
  std::string channel, outcome, evidence, stage;
  std::optional<bool> fits;
  // kAttempt, kReached, kRecycle: when to try again. kMeeting: the beginning. kSnooze: until when.
  std::optional<Instant> wake_at;
  Instant at;
  std::string actor, clock;
  std::string item;  // kTask: Task::id. kMeeting: Meeting::id.
  PersonFacts facts;
  std::string host;
};

SalesFeedback to_feedback(FeedbackForm form);
FeedbackForm to_form(const SalesFeedback& feedback);

}  // namespace baton
