#include "gateway/core/model/feedback_form.h"

#include <utility>

namespace baton {
namespace {

ContactFacts contact_facts(FeedbackForm& form) {
  return {std::move(form.channel), std::move(form.outcome), std::move(form.evidence),
          std::move(form.actor)};
}

FeedbackBody body_of(FeedbackForm& form) {
  switch (form.kind) {
    case FeedbackKind::kAccept:
      return Accept{};
    case FeedbackKind::kReject:
      return Reject{std::move(form.reason)};
    case FeedbackKind::kAttempt:
    case FeedbackKind::kReached:
      return Contact{form.kind == FeedbackKind::kReached, contact_facts(form), form.wake_at};
    case FeedbackKind::kQualify:
      return Qualify{contact_facts(form)};
    case FeedbackKind::kRecycle:
      return Recycle{std::move(form.reason), form.wake_at};
    case FeedbackKind::kDisqualify:
      return Disqualify{std::move(form.reason)};
    case FeedbackKind::kStage:
      return DealStage{std::move(form.stage), std::move(form.reason)};
    case FeedbackKind::kIcp:
      return IcpAnswer{form.fits};
    case FeedbackKind::kSeen:
      return Seen{};
    case FeedbackKind::kTask:
      return TaskAnswer{std::move(form.item), std::move(form.outcome), std::move(form.facts)};
    case FeedbackKind::kMeeting:
      return MeetingReport{std::move(form.item), std::move(form.outcome), std::move(form.evidence),
                           RepId(std::move(form.host)), form.wake_at};
    case FeedbackKind::kAcknowledge:
      return Acknowledge{ClockId(std::move(form.clock))};
    case FeedbackKind::kSnooze:
      return Snooze{ClockId(std::move(form.clock)), std::move(form.reason), form.wake_at};
    case FeedbackKind::kReason:
      return GiveReason{std::move(form.reason)};
    case FeedbackKind::kReopen:
      return Reopen{std::move(form.reason), std::move(form.outcome)};
  }
  return Accept{};
}

// Fills in the members that the kind uses.
struct Filler {
  FeedbackForm& form;

  void contact(const ContactFacts& how) const {
    form.channel = how.channel;
    form.outcome = how.outcome;
    form.evidence = how.evidence;
    form.actor = how.actor;
  }

  void operator()(const Accept&) const {}
  void operator()(const Seen&) const {}
  void operator()(const Reject& x) const { form.reason = x.reason; }
  void operator()(const Disqualify& x) const { form.reason = x.reason; }
  void operator()(const GiveReason& x) const { form.reason = x.reason; }
  void operator()(const Acknowledge& x) const { form.clock = x.clock.str(); }
  void operator()(const IcpAnswer& x) const { form.fits = x.fits; }
  void operator()(const Qualify& x) const { contact(x.how); }
  void operator()(const Contact& x) const {
    contact(x.how);
    form.wake_at = x.again_at;
  }
  void operator()(const Recycle& x) const {
    form.reason = x.reason;
    form.wake_at = x.again_at;
  }
  void operator()(const DealStage& x) const {
    form.stage = x.stage;
    form.reason = x.reason;
  }
  void operator()(const TaskAnswer& x) const {
    form.item = x.task;
    form.outcome = x.answer;
    form.facts = x.facts;
  }
  void operator()(const MeetingReport& x) const {
    form.item = x.meeting;
    form.outcome = x.outcome;
    form.evidence = x.evidence;
    form.host = x.host.str();
    form.wake_at = x.begins;
  }
  void operator()(const Snooze& x) const {
    form.clock = x.clock.str();
    form.reason = x.reason;
    form.wake_at = x.until;
  }
  void operator()(const Reopen& x) const {
    form.reason = x.reason;
    form.outcome = x.outcome;
  }
};

}  // namespace

SalesFeedback to_feedback(FeedbackForm form) {
  SalesFeedback out;
  out.says = body_of(form);
  out.id = std::move(form.id);
  out.via = std::move(form.via);
  out.rep = RepId(std::move(form.rep));
  out.handover = HandoverId(std::move(form.handover));
  out.note = std::move(form.note);
  out.at = form.at;
  return out;
}

FeedbackForm to_form(const SalesFeedback& feedback) {
  FeedbackForm form;
  form.kind = kind_of(feedback);
  form.id = feedback.id;
  form.via = feedback.via;
  form.rep = feedback.rep.str();
  form.handover = feedback.handover.str();
  form.note = feedback.note;
  form.at = feedback.at;
  std::visit(Filler{form}, feedback.says);
  return form;
}

}  // namespace baton
