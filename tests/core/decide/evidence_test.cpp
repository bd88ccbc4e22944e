#include <random>

#include <gtest/gtest.h>

#include "gateway/core/sla/sla_clock.h"
#include "mapping/json/json.h"
#include "tests/core/sim/core_sim.h"

namespace baton {
namespace {

const Instant kNow = at("2026-03-09T09:00:00Z");

CoreSim offered() {
  CoreSim sim(template_policy());
  sim.touch(kNow, demo_request("t1", kNow));
  return sim;
}

TEST(Evidence, ACallInTimeThatIsReportedLateGivesTheLeadBack) {
  auto sim = offered();
  const auto first = sim.lead().owner;
  sim.run_until(kNow + minutes(6));
  const auto second = sim.lead().owner;
  ASSERT_NE(first, second);
  sim.feedback(kNow + minutes(7), called("c1", first.str(), kNow + minutes(3)));
  EXPECT_EQ(sim.lead().owner, first);
  EXPECT_EQ(sim.lead().stage, Stage::kSal);
  EXPECT_TRUE(sim.lead().excluded_reps.empty());
  const auto* clock = sim.clock("first_contact");
  EXPECT_TRUE(clock->late_evidence);
  EXPECT_EQ(clock->breached_at, kNow + minutes(5));
  EXPECT_EQ(sim.notices_of(NoticeKind::kCorrected).size(),
            2U);  // the first owner and the team lead had been alerted
  EXPECT_EQ(sim.notices_of(NoticeKind::kWithdrawn).at(0).recipient, second);
}

TEST(Evidence, ANextOwnerWhoHasActedKeepsTheLead) {
  auto sim = offered();
  const auto first = sim.lead().owner;
  sim.run_until(kNow + minutes(6));
  const auto second = sim.lead().owner;
  sim.feedback(kNow + minutes(7), says(FeedbackKind::kAccept, "a1", second.str()));
  sim.feedback(kNow + minutes(8), called("c1", first.str(), kNow + minutes(3)));
  EXPECT_EQ(sim.lead().owner, second);
  EXPECT_TRUE(sim.clock("first_contact")->late_evidence);
}

TEST(Evidence, ACallAfterTheDueTimeGivesNothingBack) {
  auto sim = offered();
  const auto first = sim.lead().owner;
  sim.run_until(kNow + minutes(6));
  const auto second = sim.lead().owner;
  sim.feedback(kNow + minutes(7), called("c1", first.str(), kNow + minutes(5) + seconds(30)));
  EXPECT_EQ(sim.lead().owner, second);
  EXPECT_FALSE(sim.clock("first_contact")->late_evidence);
}

TEST(Evidence, ACallThatTheCrmTellsWithoutANameIsThatOfItsTime) {
  auto sim = offered();
  const auto first = sim.lead().owner;
  sim.run_until(kNow + minutes(6));
  auto call = called("c1", "", kNow + minutes(3));
  call.via = "crm:hubspot";
  sim.feedback(kNow + minutes(7), call);
  EXPECT_EQ(sim.lead().owner, first);
}

TEST(Evidence, AClickCannotDateAContactBack) {
  auto sim = offered();
  const auto owner = sim.lead().owner;
  sim.person.lead->handovers.back().state = HandoverState::kAccepted;  // no other rep gets it
  sim.run_until(kNow + minutes(6));
  sim.feedback(kNow + minutes(7), reached("f1", owner.str(), kNow + minutes(3)));
  const auto* clock = sim.clock("first_contact");
  EXPECT_EQ(clock->stopped_at, kNow + minutes(7));
  EXPECT_FALSE(clock->late_evidence);
}

class NoHuman : public ::testing::TestWithParam<std::pair<const char*, const char*>> {};

TEST_P(NoHuman, StopsNothing) {
  auto sim = offered();
  auto mail = called("m1", "", kNow + minutes(1));
  mail.via = "crm:hubspot";
  mail.kind = FeedbackKind::kAttempt;
  mail.channel = "email";
  mail.actor = GetParam().first;
  mail.outcome = GetParam().second;
  sim.feedback(kNow + minutes(1), mail);
  EXPECT_FALSE(is_ended(*sim.clock("first_contact")));
  EXPECT_EQ(sim.count("attempt.refused"), 1);
  EXPECT_TRUE(sim.lead().attempts.empty());
}

INSTANTIATE_TEST_SUITE_P(Evidence, NoHuman,
                         ::testing::Values(std::pair("automatic", "sent"),
                                           std::pair("bulk", "sent"), std::pair("import", "sent"),
                                           std::pair("bot", "sent"), std::pair("", "auto_reply"),
                                           std::pair("", "bounce"), std::pair("", "out_of_office"),
                                           std::pair("", "sequence")));

TEST(Evidence, ACallThatTheTelephoneToolReportsIsOne) {
  auto sim = offered();
  auto call =
      make_touch("c1", TouchType::kOutboundCallAttempt, Intent::kInformational, kNow + minutes(2));
  call.properties["owner"] = sim.lead().owner.str();
  sim.touch(kNow + minutes(3), call);
  EXPECT_EQ(sim.clock("first_contact")->stopped_at, kNow + minutes(2));
  ASSERT_EQ(sim.lead().attempts.size(), 1U);
  EXPECT_EQ(sim.lead().attempts[0].evidence_kind, EvidenceKind::kExternalId);
  EXPECT_EQ(sim.lead().attempts[0].outcome, "no_answer");
  sim.touch(kNow + minutes(4), call);
  EXPECT_EQ(sim.lead().attempts.size(), 1U) << "a repeat counts once";
}

TEST(Evidence, AMailOfASequenceIsNone) {
  auto sim = offered();
  auto mail =
      make_touch("m1", TouchType::kOutboundEmail, Intent::kInformational, kNow + minutes(2));
  mail.properties["human"] = false;
  sim.touch(kNow + minutes(3), mail);
  EXPECT_FALSE(is_ended(*sim.clock("first_contact")));
}

TEST(Evidence, WhileTheCrmIsSilentAlertsSaySoAndTheOwnerKeepsTheLead) {
  auto sim = offered();
  const auto owner = sim.lead().owner;
  sim.run_until(kNow + minutes(4));
  const Instant due = kNow + minutes(5);
  sim.timers.erase("first_contact#1");
  sim.event(due,
            Event{"due", TimerFired{parse_timer_id("first_contact#1"), due, kNow - minutes(30)}});
  EXPECT_EQ(sim.lead().owner, owner);
  EXPECT_EQ(sim.count("reassign.waits"), 1);
  const auto alerts = sim.notices_of(NoticeKind::kBreach);
  ASSERT_EQ(alerts.size(), 2U);
  EXPECT_EQ(text(alerts[0].data, "feedback_stale_since"), to_rfc3339(kNow - minutes(30)));
  ASSERT_TRUE(sim.timers.contains("act:first_contact#1"));
  sim.run_until(due + minutes(5));  // the CRM answers again, and nothing has come
  EXPECT_NE(sim.lead().owner, owner);
}

// Runs a timer that is two hours late, as the engine does.
void wake_late(CoreSim& sim, Instant now) {
  const Instant due = sim.timers.at("first_contact#1");
  sim.timers.erase("first_contact#1");
  sim.event(now, Event{"late", TimerFired{parse_timer_id("first_contact#1"), due, {}}});
}

TEST(Evidence, AfterADowntimeOnlyTheLastStepIsSentAndTheOwnerHasSomeMinutes) {
  auto sim = offered();
  const auto owner = sim.lead().owner;
  wake_late(sim, kNow + hours(2));  // its warning, breach and escalation
  const auto* clock = sim.clock("first_contact");
  EXPECT_EQ(clock->excused, "downtime");
  EXPECT_EQ(clock->breached_at, kNow + minutes(5));
  EXPECT_EQ(sim.notices_of(NoticeKind::kWarning).size(), 0U);
  EXPECT_EQ(sim.notices_of(NoticeKind::kBreach).size(), 0U);
  EXPECT_EQ(sim.notices_of(NoticeKind::kEscalation).size(), 1U);
  EXPECT_EQ(sim.lead().owner, owner);
  sim.run_until(kNow + hours(2) + minutes(5));
  EXPECT_NE(sim.lead().owner, owner);
}

TEST(Evidence, TheOwnerKeepsALeadThatMarketingCorrects) {
  auto sim = offered();
  const auto owner = sim.lead().owner;
  wake_late(sim, kNow + hours(2));
  auto wrong = says(FeedbackKind::kReject, "r1", owner.str());
  wrong.reason = "data_wrong";
  sim.feedback(kNow + hours(2) + minutes(1), wrong);
  sim.run_until(kNow + hours(4));
  EXPECT_EQ(sim.lead().owner, owner);
  EXPECT_EQ(sim.clock("first_contact")->state, ClockState::kPaused);
}

TEST(Evidence, AClockThatEndsWithItsBreachEndsWhenTheBreachIsActedOn) {
  auto sla = template_text("sla");
  const std::string what = "on_breach: reassign\n    warnings: [75]\n    escalations: [200]";
  ASSERT_NE(sla.find(what), std::string::npos);
  sla.replace(sla.find(what), what.size(), "on_breach: reassign\n    after_breach: end");
  CoreSim sim(template_policy({{"sla", sla}}));
  sim.touch(kNow, demo_request("t1", kNow));
  const auto owner = sim.lead().owner;
  wake_late(sim, kNow + hours(2));
  EXPECT_FALSE(is_ended(*sim.clock("first_contact")));
  sim.run_until(kNow + hours(2) + minutes(5));
  EXPECT_NE(sim.lead().owner, owner);
  EXPECT_EQ(sim.clock("first_contact")->stopped_by, "breach");
  for (const auto& timer : timers_of(sim.person))
    EXPECT_FALSE(timer.timer.subject.starts_with("first_contact")) << to_string(timer.timer);
}

TEST(Evidence, ABreachThatFeedbackShowsBeforeItsLateTimerIsNobodysFault) {
  auto sim = offered();
  sim.timers.clear();  // no timer fires while Baton is down
  sim.feedback(kNow + hours(2), called("c1", sim.lead().owner.str(), kNow + hours(1)));
  EXPECT_EQ(sim.clock("first_contact")->excused, "downtime");
}

TEST(Evidence, AnOldTouchIsABreachThatIsExcused) {
  CoreSim sim(template_policy());
  sim.touch(kNow, demo_request("t1", kNow - hours(30)));
  EXPECT_EQ(sim.clock("first_contact")->excused, "import");
}

// Rule 12, over random feedback: a contact clock that stopped shows who did what.
class ContactClock : public ::testing::TestWithParam<std::uint64_t> {};

TEST_P(ContactClock, StopsOnlyByEvidenceOfAHuman) {
  std::mt19937_64 random(GetParam());
  const auto pick = [&](auto... choices) {
    const std::array all{choices...};
    return all[random() % all.size()];
  };
  CoreSim sim(template_policy());
  Instant now = kNow;
  sim.touch(now, demo_request("t1", now));
  for (int i = 0; i < 25; ++i) {
    now = now + minutes(static_cast<std::int64_t>(random() % 30));
    FeedbackForm f =
        says(pick(FeedbackKind::kAttempt, FeedbackKind::kReached, FeedbackKind::kAccept,
                  FeedbackKind::kSeen, FeedbackKind::kAcknowledge),
             "f" + std::to_string(i), pick("erika", "max", "chris", "lena", ""));
    f.via = pick("api", "action_page", "crm:hubspot");
    f.channel = pick("phone", "email", "webform", "");
    f.evidence = pick("call-1", "mail-2", "", "");
    f.actor = pick("", "", "automatic", "bulk", "import");
    f.outcome = pick("", "reached", "bounce", "no_answer", "callback");
    f.at = now - minutes(static_cast<std::int64_t>(random() % 20));
    sim.feedback(now, f);
    for (const auto& clock : sim.person.clocks) {
      if (clock.state != ClockState::kStopped || clock.definition != "first_contact") continue;
      const auto& attempts = sim.lead().attempts;
      EXPECT_TRUE(std::any_of(attempts.begin(), attempts.end(),
                              [&](const Attempt& a) {
                                return a.evidence == clock.stopped_by &&
                                       (a.evidence_kind == EvidenceKind::kExternalId ||
                                        a.evidence_kind == EvidenceKind::kAttested);
                              }))
          << "seed " << GetParam() << ", stopped by " << clock.stopped_by;
    }
  }
}

INSTANTIATE_TEST_SUITE_P(Seeds, ContactClock, ::testing::Range<std::uint64_t>(1, 41));

}  // namespace
}  // namespace baton
