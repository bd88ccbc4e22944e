#include "gateway/core/model/feedback.h"

#include <array>

namespace baton {
namespace {

constexpr std::array<std::string_view, 16> kNames = {
    "accept", "reject", "attempt", "reached", "qualify",     "recycle", "disqualify", "stage",
    "icp",    "seen",   "task",    "meeting", "acknowledge", "snooze",  "reason",     "reopen"};

struct KindOf {
  FeedbackKind operator()(const Accept&) const { return FeedbackKind::kAccept; }
  FeedbackKind operator()(const Reject&) const { return FeedbackKind::kReject; }
  FeedbackKind operator()(const Contact& x) const {
    return x.reached ? FeedbackKind::kReached : FeedbackKind::kAttempt;
  }
  FeedbackKind operator()(const Qualify&) const { return FeedbackKind::kQualify; }
  FeedbackKind operator()(const Recycle&) const { return FeedbackKind::kRecycle; }
  FeedbackKind operator()(const Disqualify&) const { return FeedbackKind::kDisqualify; }
  FeedbackKind operator()(const DealStage&) const { return FeedbackKind::kStage; }
  FeedbackKind operator()(const IcpAnswer&) const { return FeedbackKind::kIcp; }
  FeedbackKind operator()(const Seen&) const { return FeedbackKind::kSeen; }
  FeedbackKind operator()(const TaskAnswer&) const { return FeedbackKind::kTask; }
  FeedbackKind operator()(const MeetingReport&) const { return FeedbackKind::kMeeting; }
  FeedbackKind operator()(const Acknowledge&) const { return FeedbackKind::kAcknowledge; }
  FeedbackKind operator()(const Snooze&) const { return FeedbackKind::kSnooze; }
  FeedbackKind operator()(const GiveReason&) const { return FeedbackKind::kReason; }
  FeedbackKind operator()(const Reopen&) const { return FeedbackKind::kReopen; }
};

}  // namespace

std::string_view to_string(FeedbackKind kind) { return kNames[static_cast<std::size_t>(kind)]; }

std::optional<FeedbackKind> parse_feedback_kind(std::string_view name) {
  for (std::size_t i = 0; i < kNames.size(); ++i) {
    if (kNames[i] == name) return static_cast<FeedbackKind>(i);
  }
  return std::nullopt;
}

FeedbackKind kind_of(const SalesFeedback& feedback) { return std::visit(KindOf{}, feedback.says); }

std::string_view reason_of(const SalesFeedback& feedback) {
  return std::visit(
      [](const auto& says) -> std::string_view {
        if constexpr (requires { says.reason; }) {
          return says.reason;
        } else {
          return {};
        }
      },
      feedback.says);
}

}  // namespace baton
