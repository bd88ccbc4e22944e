#include <gtest/gtest.h>

#include "tests/core/sim/core_sim.h"

namespace baton {
namespace {

const Instant kNow = at("2026-03-09T09:00:00Z");
const Instant kLater = kNow + minutes(1);

CoreSim offered() {
  CoreSim sim(template_policy());
  sim.touch(kNow, demo_request("t1", kNow));
  return sim;
}

FeedbackForm with_reason(FeedbackKind kind, std::string id, std::string rep, std::string reason) {
  auto said = says(kind, std::move(id), std::move(rep));
  said.reason = std::move(reason);
  return said;
}

FeedbackForm deal(std::string id, std::string stage, std::string reason = {}) {
  auto said = with_reason(FeedbackKind::kStage, std::move(id), "", std::move(reason));
  said.stage = std::move(stage);
  return said;
}

std::string why_refused(const Decision& decision) {
  for (const auto& reason : decision.reasons.read()) {
    if (reason.code == "stage.refused")
      return std::string(reason.facts.at("why").as_string().c_str());
  }
  return {};
}

TEST(DecideFeedback, AcceptingMakesASalAndStopsTheAcceptClock) {
  auto sim = offered();
  sim.feedback(kLater, says(FeedbackKind::kAccept, "f1", sim.lead().owner.str()));
  EXPECT_EQ(sim.lead().stage, Stage::kSal);
  EXPECT_EQ(sim.lead().stages.back().rule, "T6");
  EXPECT_FALSE(sim.lead().stages.back().implied);
  EXPECT_EQ(sim.clock("accept")->state, ClockState::kStopped);
  EXPECT_EQ(sim.clock("first_contact")->state, ClockState::kRunning);
  EXPECT_EQ(sim.clock("qualify")->state, ClockState::kRunning);
}

TEST(DecideFeedback, ARepeatedAnswerChangesNothing) {
  auto sim = offered();
  const auto said = says(FeedbackKind::kAccept, "f1", sim.lead().owner.str());
  sim.feedback(kLater, said);
  const auto before = to_json(sim.person);
  EXPECT_FALSE(sim.feedback(kLater + seconds(1), said).changed);
  EXPECT_EQ(to_json(sim.person), before);
}

TEST(DecideFeedback, OnlyTheOwnerMayAnswer) {
  auto sim = offered();
  const auto other = sim.lead().owner == "max" ? "chris" : "max";
  EXPECT_EQ(why_refused(sim.feedback(kLater, says(FeedbackKind::kAccept, "f1", other))),
            "not_the_owner");
  EXPECT_EQ(sim.lead().stage, Stage::kMql);
  sim.feedback(kLater, says(FeedbackKind::kAccept, "f2", ""));  // the API names no rep
  EXPECT_EQ(sim.lead().stage, Stage::kSal);
}

TEST(DecideFeedback, ALinkOfAnEarlierHandoverIsRefused) {
  auto sim = offered();
  const auto first = sim.lead().owner;
  sim.run_until(kNow + minutes(5));
  auto said = says(FeedbackKind::kAccept, "f1", first.str());
  said.handover = sim.lead().handovers.front().id.str();
  EXPECT_EQ(why_refused(sim.feedback(kNow + minutes(6), said)), "handover_over");
}

TEST(DecideFeedback, AWrongRouteGoesToAnotherRepWithCreditForTheFirst) {
  auto sim = offered();
  const auto first = sim.lead().owner;
  sim.feedback(kLater, with_reason(FeedbackKind::kReject, "f1", first.str(), "wrong_territory"));
  EXPECT_EQ(sim.lead().stage, Stage::kMql);
  EXPECT_NE(sim.lead().owner, first);
  EXPECT_EQ(sim.lead().handovers.front().state, HandoverState::kRejected);
  const auto* request =
      std::get_if<OwnerRequest>(&sim.decisions[sim.decisions.size() - 2].effects.front());
  ASSERT_NE(request, nullptr);
  EXPECT_EQ(request->credit_to, first);
  EXPECT_EQ(request->key, "p1:1:2");
}

TEST(DecideFeedback, ALeadIsPassedOnNoMoreThanTheyAgreed) {
  auto sim = offered();
  for (int i = 0; i < 2; ++i)
    sim.feedback(kLater, with_reason(FeedbackKind::kReject, "f" + std::to_string(i),
                                     sim.lead().owner.str(), "wrong_product"));
  const auto last =
      with_reason(FeedbackKind::kReject, "f9", sim.lead().owner.str(), "wrong_product");
  EXPECT_EQ(why_refused(sim.feedback(kLater, last)), "hops_exhausted");
  EXPECT_EQ(sim.count("handover.offered"), 3);
  EXPECT_FALSE(sim.lead().owner.empty());
}

TEST(DecideFeedback, WrongDataHoldsTheLeadUntilItIsCorrected) {
  auto sim = offered();
  const auto owner = sim.lead().owner;
  sim.feedback(kLater, with_reason(FeedbackKind::kReject, "f1", owner.str(), "data_missing"));
  EXPECT_TRUE(is_in_rework(sim.lead()));
  EXPECT_EQ(sim.clock("accept")->state, ClockState::kPaused);
  EXPECT_EQ(sim.clock("first_contact")->state, ClockState::kPaused);
  auto mended = demo_request("t2", kNow + hours(1));
  mended.type = TouchType::kConsentChanged;
  mended.person.phone = "+49301234567";
  sim.touch(kNow + hours(1) + minutes(1), mended);
  EXPECT_FALSE(sim.lead().hold);
  EXPECT_EQ(sim.lead().owner, owner);
  EXPECT_EQ(sim.clock("first_contact")->state, ClockState::kRunning);
  EXPECT_EQ(to_rfc3339(sim.clock("first_contact")->due), "2026-03-09T10:05:00Z");
  EXPECT_EQ(to_rfc3339(sim.clock("accept")->due), "2026-03-09T14:00:00Z");
}

TEST(DecideFeedback, NoMqlByAgreementGoesToNurture) {
  auto sim = offered();
  sim.feedback(kLater, with_reason(FeedbackKind::kReject, "f1", sim.lead().owner.str(), "no_fit"));
  EXPECT_EQ(sim.lead().stage, Stage::kNurture);
  EXPECT_EQ(sim.lead().stages.back().rule, "T9");
  EXPECT_EQ(sim.lead().handovers.back().state, HandoverState::kRejected);
  EXPECT_TRUE(sim.timers.count("first_contact#1") == 0);
}

TEST(DecideFeedback, ARejectionNeedsAReasonOfTheCatalogue) {
  auto sim = offered();
  const auto owner = sim.lead().owner;
  EXPECT_EQ(why_refused(sim.feedback(kLater, says(FeedbackKind::kReject, "f1", owner.str()))),
            "reason_missing");
  EXPECT_EQ(why_refused(sim.feedback(
                kLater, with_reason(FeedbackKind::kReject, "f2", owner.str(), "bad_mood"))),
            "reason_unknown");
  EXPECT_EQ(sim.lead().stage, Stage::kMql);
}

TEST(DecideFeedback, EvidencedContactImpliesAcceptance) {
  auto sim = offered();
  sim.feedback(kLater, reached("f1", sim.lead().owner.str(), kLater));
  EXPECT_EQ(sim.lead().stage, Stage::kSal);
  EXPECT_TRUE(sim.lead().stages.back().implied);
  EXPECT_EQ(sim.lead().work, WorkStatus::kConnected);
  EXPECT_EQ(sim.clock("accept")->state, ClockState::kStopped);
  EXPECT_EQ(sim.clock("first_contact")->state, ClockState::kStopped);
}

TEST(DecideFeedback, MachinesStopNoContactClock) {
  auto sim = offered();
  for (const std::string channel : {"auto_reply", "bot", "import", ""}) {
    auto said = reached("f-" + channel, sim.lead().owner.str(), kLater);
    said.channel = channel;
    said.evidence = "mail-1";
    EXPECT_EQ(why_refused(sim.feedback(kLater, said)), "no_evidence") << channel;
  }
  EXPECT_EQ(sim.clock("first_contact")->state, ClockState::kRunning);
}

TEST(DecideFeedback, APolicyMayTakeNothingButIdsFromOutside) {
  auto text = template_text("sla");
  text.replace(text.find("kinds: [external_id, attested]"), 30, "kinds: [external_id]          ");
  CoreSim sim(template_policy({{"sla", text}}));
  sim.touch(kNow, demo_request("t1", kNow));
  auto said = reached("f1", sim.lead().owner.str(), kLater);
  EXPECT_EQ(why_refused(sim.feedback(kLater, said)), "no_evidence");
  said.id = "f2";
  said.evidence = "call-17";
  sim.feedback(kLater, said);
  EXPECT_EQ(sim.clock("first_contact")->stopped_by, "call-17");
}

TEST(DecideFeedback, WithoutACadenceFourUnansweredAttemptsGoToNurture) {
  auto text = template_text("lifecycle");
  const auto steps = text.find("  steps:\n");
  text.erase(steps, text.find("  other_channel:") - steps);
  CoreSim sim(template_policy({{"lifecycle", text}}));
  sim.touch(kNow, demo_request("t1", kNow));
  for (int i = 0; i < 4; ++i) {
    auto said = says(FeedbackKind::kAttempt, "f" + std::to_string(i), sim.lead().owner.str());
    said.channel = "phone";
    said.outcome = "no_answer";
    EXPECT_NE(sim.lead().stage, Stage::kNurture);
    sim.feedback(kLater + days(i), said);
  }
  EXPECT_EQ(sim.lead().stage, Stage::kNurture);
  EXPECT_EQ(sim.lead().stages.back().rule, "T11");
  EXPECT_EQ(sim.lead().reason, "attempts_exhausted");
}

TEST(DecideFeedback, ACallbackPausesTheQualifyClockUntilTheLeadActs) {
  auto sim = offered();
  auto said = says(FeedbackKind::kReached, "f1", sim.lead().owner.str());
  said.channel = "phone";
  said.outcome = "callback";
  sim.feedback(kLater, said);
  EXPECT_EQ(sim.lead().work, WorkStatus::kWaitingForLead);
  EXPECT_EQ(sim.clock("qualify")->state, ClockState::kPaused);
  sim.touch(kNow + days(1), demo_request("t2", kNow + days(1)));
  EXPECT_EQ(sim.clock("qualify")->state, ClockState::kRunning);
}

TEST(DecideFeedback, QualifyingStampsTheStagesThatWereJumpedOver) {
  auto sim = offered();
  sim.feedback(kLater, says(FeedbackKind::kQualify, "f1", sim.lead().owner.str()));
  EXPECT_EQ(sim.lead().stage, Stage::kSql);
  ASSERT_EQ(sim.lead().stages.size(), 4U);
  EXPECT_EQ(sim.lead().stages[2].stage, Stage::kSal);
  EXPECT_TRUE(sim.lead().stages[2].implied);
  EXPECT_FALSE(sim.lead().stages[3].implied);
}

TEST(DecideFeedback, AnAgreedAppointmentWithEvidenceIsAContactToo) {
  auto sim = offered();
  auto said = says(FeedbackKind::kQualify, "f1", sim.lead().owner.str());
  sim.feedback(kLater, said);
  EXPECT_EQ(sim.clock("first_contact")->state, ClockState::kRunning);
  auto other = offered();
  said.channel = "meeting";
  other.feedback(kLater, said);
  EXPECT_EQ(other.lead().stage, Stage::kSql);
  EXPECT_EQ(other.clock("first_contact")->state, ClockState::kStopped);
}

TEST(DecideFeedback, LostNeedsAReasonAndWonDoesNot) {
  auto sim = offered();
  sim.feedback(kLater, says(FeedbackKind::kQualify, "f1", sim.lead().owner.str()));
  sim.feedback(kLater, deal("f2", "opportunity"));
  EXPECT_EQ(sim.lead().stages.back().rule, "T13");
  EXPECT_EQ(why_refused(sim.feedback(kLater, deal("f3", "lost"))), "reason_missing");
  EXPECT_EQ(sim.lead().stage, Stage::kOpportunity);
  auto won = sim;
  sim.feedback(kLater, deal("f4", "lost", "price"));
  EXPECT_EQ(sim.lead().stage, Stage::kLost);
  EXPECT_EQ(sim.lead().reason, "price");
  won.feedback(kLater, deal("f5", "won"));
  EXPECT_EQ(won.lead().stage, Stage::kWon);
}

TEST(DecideFeedback, ACustomerWhoAsksAgainGetsANewEpisodeAndStaysWon) {
  auto sim = offered();
  const auto owner = sim.lead().owner;
  sim.feedback(kLater, deal("f1", "won"));
  sim.touch(kNow + days(1),
            make_touch("t2", TouchType::kContentDownload, Intent::kInformational, kNow + days(1)));
  EXPECT_EQ(sim.lead().stage, Stage::kWon);
  sim.touch(kNow + days(2), demo_request("t3", kNow + days(2)));
  EXPECT_EQ(sim.lead().cycle, 2);
  EXPECT_EQ(sim.lead().stage, Stage::kMql);
  EXPECT_EQ(sim.lead().owner, owner);
  ASSERT_EQ(sim.person.past.size(), 1U);
  EXPECT_EQ(sim.person.past[0].stage, Stage::kWon);
}

TEST(DecideFeedback, APermanentlyDisqualifiedPersonOpensNoNewLead) {
  auto sim = offered();
  auto open = sim;
  sim.feedback(kLater,
               with_reason(FeedbackKind::kDisqualify, "f1", sim.lead().owner.str(), "competitor"));
  EXPECT_EQ(sim.lead().stage, Stage::kDisqualified);
  sim.touch(kNow + days(1), demo_request("t2", kNow + days(1)));
  EXPECT_EQ(sim.lead().cycle, 1);
  open.feedback(kLater,
                with_reason(FeedbackKind::kDisqualify, "f1", open.lead().owner.str(), "no_need"));
  open.touch(kNow + days(1), demo_request("t2", kNow + days(1)));
  EXPECT_EQ(open.lead().cycle, 2);
}

TEST(DecideFeedback, AfterARecycleAHandRaiserComesBackAtOnce) {
  auto sim = offered();
  const auto owner = sim.lead().owner;
  sim.feedback(kLater, says(FeedbackKind::kAccept, "f1", owner.str()));
  sim.feedback(kLater, with_reason(FeedbackKind::kRecycle, "f2", owner.str(), "no_budget"));
  EXPECT_EQ(sim.lead().stage, Stage::kNurture);
  sim.touch(kNow + days(1), demo_request("t2", kNow + days(1)));
  EXPECT_EQ(sim.lead().stage, Stage::kMql);
  EXPECT_EQ(sim.lead().cycle, 2);
}

TEST(DecideFeedback, APersonWhoDoesNotFitGoesToNurture) {
  CoreSim sim(template_policy());
  sim.touch(kNow, make_touch("t1", TouchType::kFormSubmit, Intent::kInformational, kNow));
  ASSERT_EQ(sim.lead().stage, Stage::kLead);
  auto no = says(FeedbackKind::kIcp, "f1", "");
  no.fits = false;
  sim.feedback(kLater, no);
  EXPECT_EQ(sim.lead().stage, Stage::kNurture);
  EXPECT_EQ(sim.lead().stages.back().rule, "T5");
}

TEST(DecideFeedback, TheFirstPushOfAHandoverMakesItDelivered) {
  auto sim = offered();
  const Event done{"d1", EffectOutcome{"push", "hubspot", true, "4711", {}}};
  sim.event(kLater, done);
  EXPECT_EQ(sim.lead().handovers.back().state, HandoverState::kDelivered);
  EXPECT_EQ(sim.person.external_ids.at("hubspot"), "4711");
  EXPECT_FALSE(sim.event(kLater + seconds(1), done).changed);
  sim.feedback(kLater + seconds(2), says(FeedbackKind::kSeen, "f1", sim.lead().owner.str()));
  EXPECT_EQ(sim.lead().handovers.back().state, HandoverState::kSeen);
}

TEST(DecideFeedback, AFailedPushIsOnRecordOnce) {
  auto sim = offered();
  const Event failed{"d1", EffectOutcome{"push", "hubspot", false, {}, "invalid e-mail"}};
  EXPECT_TRUE(sim.event(kLater, failed).changed);
  EXPECT_EQ(sim.count("push.failed"), 1);
  EXPECT_FALSE(sim.event(kLater, failed).changed);
}

}  // namespace
}  // namespace baton
