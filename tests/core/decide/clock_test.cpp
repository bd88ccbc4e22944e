#include <gtest/gtest.h>

#include "tests/core/sim/core_sim.h"

namespace baton {
namespace {

const Instant kNow = at("2026-03-09T09:00:00Z");

CoreSim offered() {
  CoreSim sim(template_policy());
  sim.touch(kNow, demo_request("t1", kNow));
  return sim;
}

TEST(DecideClock, TheOwnerIsWarnedAtThreeQuartersOfTheTime) {
  auto sim = offered();
  const auto owner = sim.lead().owner;
  sim.run_until(at("2026-03-09T09:03:44Z"));
  EXPECT_EQ(sim.count("clock.warned.first_contact"), 0);
  sim.run_until(at("2026-03-09T09:03:45Z"));
  EXPECT_EQ(sim.count("clock.warned.first_contact"), 1);
  ASSERT_EQ(sim.notices_of(NoticeKind::kWarning).size(), 1U);
  EXPECT_EQ(sim.notices_of(NoticeKind::kWarning)[0].recipient, owner);
}

TEST(DecideClock, ABreachAlertsOwnerAndTeamLeadAndPassesTheLeadOn) {
  auto sim = offered();
  const auto first = sim.lead().owner;
  sim.run_until(kNow + minutes(5));
  EXPECT_EQ(sim.count("clock.breached.first_contact"), 1);
  const auto alerts = sim.notices_of(NoticeKind::kBreach);
  ASSERT_EQ(alerts.size(), 2U);
  EXPECT_EQ(alerts[0].recipient, first);
  EXPECT_EQ(alerts[1].recipient, "lena");
  EXPECT_EQ(sim.lead().handovers.at(0).state, HandoverState::kExpired);
  EXPECT_NE(sim.lead().owner, first);
  EXPECT_EQ(sim.lead().handovers.size(), 2U);
  EXPECT_EQ(sim.notices_of(NoticeKind::kReassigned).at(0).recipient, first);
  EXPECT_EQ(sim.lead().excluded_reps, std::vector<RepId>{first});
}

TEST(DecideClock, ReassigningKeepsTheTeamsPromiseAndRestartsTheOwners) {
  auto sim = offered();
  sim.run_until(kNow + minutes(5));
  EXPECT_EQ(sim.clock("first_contact")->generation, 1U);
  EXPECT_EQ(sim.clock("first_contact")->breached_at, kNow + minutes(5));
  EXPECT_EQ(sim.clock("first_contact")->owner, sim.lead().owner);
  EXPECT_EQ(sim.clock("accept")->generation, 2U);
  EXPECT_EQ(to_rfc3339(sim.clock("accept")->due), "2026-03-09T13:05:00Z");
}

TEST(DecideClock, TwiceTheTimeIsEscalatedAndALapseReassignsOnlyOnce) {
  auto sim = offered();
  sim.run_until(kNow + hours(6));
  EXPECT_EQ(sim.count("clock.escalated.first_contact"), 1);
  EXPECT_EQ(sim.count("clock.breached.accept"), 1);
  EXPECT_EQ(sim.count("handover.offered"), 2);
  EXPECT_EQ(sim.count("reassign.refused"), 1);
  EXPECT_FALSE(sim.lead().owner.empty());
}

TEST(DecideClock, ATimerThatFiresTwiceDoesNothingTheSecondTime) {
  auto sim = offered();
  const Event due{"x", TimerFired{parse_timer_id("first_contact#1"), at("2026-03-09T09:03:45Z")}};
  EXPECT_TRUE(sim.event(at("2026-03-09T09:03:45Z") - milliseconds(1), due).changed);
  const auto before = to_json(sim.person);
  EXPECT_FALSE(sim.event(at("2026-03-09T09:03:46Z"), due).changed);
  EXPECT_EQ(to_json(sim.person), before);
}

TEST(DecideClock, AContactInTimeStopsTheClockWhenItHappenedNotWhenItWasReported) {
  auto sim = offered();
  sim.feedback(kNow + minutes(4), called("f1", sim.lead().owner.str(), kNow + minutes(2)));
  const auto* clock = sim.clock("first_contact");
  EXPECT_EQ(clock->state, ClockState::kStopped);
  EXPECT_EQ(clock->stopped_at, kNow + minutes(2));
  EXPECT_FALSE(clock->breached_at);
  EXPECT_EQ(clock->stopped_by, "call-f1");
}

TEST(DecideClock, EvidenceThatComesLateKeepsTheBreachAndSaysSo) {
  auto sim = offered();
  const auto owner = sim.lead().owner;
  sim.run_until(kNow + minutes(6));
  sim.feedback(kNow + minutes(7), called("f1", owner.str(), kNow + minutes(3)));
  const auto* clock = sim.clock("first_contact");
  EXPECT_TRUE(clock->late_evidence);
  EXPECT_EQ(clock->breached_at, kNow + minutes(5));
  EXPECT_EQ(clock->stopped_at, kNow + minutes(3));
}

TEST(DecideClock, ALateContactIsABreachAlsoBeforeTheTimerFires) {
  auto sim = offered();
  sim.timers.clear();  // the engine lags behind
  sim.feedback(kNow + minutes(9), called("f1", sim.lead().owner.str(), kNow + minutes(8)));
  const auto* clock = sim.clock("first_contact");
  EXPECT_EQ(clock->breached_at, kNow + minutes(5));
  EXPECT_EQ(clock->stopped_at, kNow + minutes(8));
  EXPECT_FALSE(clock->late_evidence);
  EXPECT_EQ(sim.count("clock.breached.first_contact"), 1);
  EXPECT_EQ(sim.notices_of(NoticeKind::kResolved).size(),
            sim.notices_of(NoticeKind::kBreach).size());
}

TEST(DecideClock, OutsideOfHoursNothingCounts) {
  CoreSim sim(template_policy());
  const auto saturday = at("2026-03-07T14:00:00Z");
  sim.touch(saturday, demo_request("t1", saturday));
  EXPECT_EQ(to_rfc3339(sim.clock("first_contact")->due), "2026-03-09T08:05:00Z");
}

TEST(DecideClock, ALateTouchBreachesAtOnceAndSkipsItsWarning) {
  CoreSim sim(template_policy());
  sim.touch(kNow + hours(1), demo_request("t1", kNow));
  sim.run_until(kNow + hours(1));
  EXPECT_EQ(sim.count("clock.warned.first_contact"), 0);
  EXPECT_EQ(sim.count("clock.breached.first_contact"), 1);
  EXPECT_EQ(sim.clock("first_contact")->breached_at, kNow + minutes(5));
}

TEST(DecideClock, ADateNamedBySalesBringsTheLeadBack) {
  auto sim = offered();
  const auto owner = sim.lead().owner;
  sim.feedback(kNow + minutes(1), says(FeedbackKind::kAccept, "f1", owner.str()));
  auto later = says(FeedbackKind::kRecycle, "f2", owner.str());
  later.reason = "later";
  later.wake_at = kNow + days(28);
  sim.feedback(kNow + minutes(2), later);
  EXPECT_EQ(sim.lead().stage, Stage::kNurture);
  EXPECT_EQ(sim.timers.at("wake"), kNow + days(28));
  sim.run_until(kNow + days(28));
  EXPECT_EQ(sim.lead().stage, Stage::kMql);
  EXPECT_EQ(sim.lead().cycle, 2);
  EXPECT_EQ(sim.lead().stages.front().rule, "T17");
  EXPECT_EQ(sim.lead().owner, owner);
}

TEST(DecideClock, WithoutAFreeRepTheLeadWaitsInTheQueueAndBatonTriesAgain) {
  CoreSim sim(template_policy());
  sim.answer_requests = false;
  sim.touch(kNow, demo_request("t1", kNow));
  const auto request = sim.lead().open_request;
  sim.event(kNow, Event{"o1", OwnerPicked{request, "sales", ""_rep, {}, kNow + hours(1)}});
  EXPECT_TRUE(sim.lead().owner.empty());
  EXPECT_EQ(sim.lead().work, WorkStatus::kUnassigned);
  EXPECT_EQ(sim.clock("first_contact")->state, ClockState::kRunning);
  EXPECT_EQ(sim.notices_of(NoticeKind::kEscalation).at(0).recipient, "lena");
  sim.answer_requests = true;
  sim.run_until(kNow + hours(1));
  EXPECT_FALSE(sim.lead().owner.empty());
}

TEST(DecideClock, APickThatIsNoLongerWantedIsRefused) {
  auto sim = offered();
  const auto before = to_json(sim.person);
  const auto late = sim.event(kNow, Event{"o1", OwnerPicked{"p1:1:1", "sales", "max"_rep, {}, {}}});
  EXPECT_FALSE(late.changed);
  EXPECT_EQ(late.reasons.code(0), "assignment.stale");
  EXPECT_EQ(to_json(sim.person), before);
}

TEST(DecideClock, ThePolicyMayCountSilenceAsAcceptance) {
  auto text = template_text("sla");
  text.replace(text.find("on_breach: reassign"), 19, "on_breach: accept  ");
  text.replace(text.find("on_breach: reassign"), 19, "on_breach: none    ");
  CoreSim sim(template_policy({{"sla", text}}));
  sim.touch(kNow, demo_request("t1", kNow));
  sim.run_until(kNow + hours(4));
  EXPECT_EQ(sim.lead().stage, Stage::kSal);
  EXPECT_TRUE(sim.lead().stages.back().implied);
  EXPECT_EQ(sim.lead().handovers.back().state, HandoverState::kAccepted);
}

}  // namespace
}  // namespace baton
