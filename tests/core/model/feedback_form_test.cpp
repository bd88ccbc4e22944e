#include "gateway/core/model/feedback_form.h"

#include <gtest/gtest.h>

namespace baton {
namespace {

FeedbackForm full(FeedbackKind kind) {
  FeedbackForm form;
  form.kind = kind;
  form.id = "f1";
  form.via = "api";
  form.rep = "max";
  form.handover = "p1.1/1";
  form.reason = "other";
  form.note = "calls back";
  form.channel = "phone";
  form.outcome = "callback";
  form.evidence = "call-7";
  form.stage = "won";
  form.fits = true;
  form.wake_at = Instant{2};
  form.at = Instant{1};
  form.actor = "human";
  form.clock = "accept#1";
  form.item = "p1.1/t1";
  form.facts.city = "Berlin";
  form.host = "anna";
  return form;
}

TEST(FeedbackFormTest, EveryKindKeepsWhatItUses) {
  for (int i = 0; i <= static_cast<int>(FeedbackKind::kReopen); ++i) {
    const auto kind = static_cast<FeedbackKind>(i);
    const auto once = to_feedback(full(kind));
    const auto form = to_form(once);
    EXPECT_EQ(form.kind, kind);
    EXPECT_EQ(kind_of(once), kind);
    EXPECT_EQ(form.id, "f1");
    EXPECT_EQ(form.via, "api");
    EXPECT_EQ(form.rep, "max");
    EXPECT_EQ(form.handover, "p1.1/1");
    EXPECT_EQ(form.note, "calls back");
    EXPECT_EQ(form.at, Instant{1});
    EXPECT_EQ(form.reason, reason_of(once));
    EXPECT_EQ(parse_feedback_kind(to_string(kind)), kind);
  }
}

TEST(FeedbackFormTest, AContactKeepsItsFactsAndNothingElse) {
  const auto form = to_form(to_feedback(full(FeedbackKind::kAttempt)));
  EXPECT_EQ(form.channel, "phone");
  EXPECT_EQ(form.outcome, "callback");
  EXPECT_EQ(form.evidence, "call-7");
  EXPECT_EQ(form.actor, "human");
  EXPECT_EQ(form.wake_at, Instant{2});
  EXPECT_TRUE(form.reason.empty() && form.clock.empty() && form.item.empty());
}

TEST(FeedbackFormTest, AnAnswerToATaskKeepsItsFacts) {
  const auto form = to_form(to_feedback(full(FeedbackKind::kTask)));
  EXPECT_EQ(form.item, "p1.1/t1");
  EXPECT_EQ(form.outcome, "callback");
  EXPECT_EQ(form.facts.city, "Berlin");
  EXPECT_TRUE(form.evidence.empty() && form.host.empty());
}

}  // namespace
}  // namespace baton
