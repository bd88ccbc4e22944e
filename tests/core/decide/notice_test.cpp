#include <algorithm>

#include <gtest/gtest.h>

#include "gateway/core/decision/alert.h"
#include "mapping/json/json.h"
#include "tests/core/sim/core_sim.h"

namespace baton {
namespace {

const Instant kNow = parse_rfc3339("2026-03-03T09:00:00Z").value();

std::vector<std::string> recipients(const CoreSim& sim, NoticeKind kind) {
  std::vector<std::string> out;
  for (const auto& notice : sim.notices_of(kind)) out.push_back(notice.recipient.str());
  std::sort(out.begin(), out.end());
  return out;
}

ClockInstance& first_contact(CoreSim& sim) {
  return *std::find_if(sim.person.clocks.begin(), sim.person.clocks.end(), [](const auto& c) {
    return c.definition == "first_contact" && c.state == ClockState::kRunning;
  });
}

CoreSim offered() {
  CoreSim sim(template_policy());
  sim.touch(kNow, demo_request("t1", kNow));
  return sim;
}

TEST(DecideNotice, ExactlyTheRecipientsOfTheAlertLearnHowItEnded) {
  auto sim = offered();
  sim.run_until(kNow + minutes(30));
  auto alerted = recipients(sim, NoticeKind::kBreach);
  const auto escalated = recipients(sim, NoticeKind::kEscalation);
  ASSERT_FALSE(escalated.empty());
  EXPECT_TRUE(sim.notices_of(NoticeKind::kResolved).empty());
  sim.feedback(kNow + minutes(31), reached("f1", sim.lead().owner.str(), kNow + minutes(31)));
  alerted.insert(alerted.end(), escalated.begin(), escalated.end());
  std::sort(alerted.begin(), alerted.end());
  alerted.erase(std::unique(alerted.begin(), alerted.end()), alerted.end());
  EXPECT_EQ(recipients(sim, NoticeKind::kResolved), alerted);
}

TEST(DecideNotice, WithoutAnAlertNoRepLearnsHowItEnded) {
  auto sim = offered();
  sim.run_until(kNow + minutes(6));
  first_contact(sim)
      .notified.clear();  // as if alerts went to marketing and the policy named no rep
  sim.feedback(kNow + minutes(7), reached("f1", sim.lead().owner.str(), kNow + minutes(7)));
  ASSERT_EQ(sim.count("clock.stopped.first_contact"), 1);
  EXPECT_TRUE(sim.notices_of(NoticeKind::kResolved).empty());
}

TEST(DecideNotice, ARepWhoAcknowledgedGetsNoFurtherAlertAndOthersDo) {
  auto sim = offered();
  const auto owner = sim.lead().owner;
  first_contact(sim).acknowledged_by = owner;
  sim.run_until(kNow + minutes(6));
  const auto told = recipients(sim, NoticeKind::kBreach);
  EXPECT_FALSE(told.empty());
  EXPECT_EQ(std::count(told.begin(), told.end(), owner), 0);
  EXPECT_EQ(sim.count("clock.breached.first_contact"), 1);
}

int told_of_breach(const CoreSim& sim, const std::string& rep) {
  const auto all = sim.notices_of(NoticeKind::kBreach);
  return static_cast<int>(std::count_if(all.begin(), all.end(), [&](const Notice& n) {
    return n.recipient == rep && n.clock == "first_contact";
  }));
}

TEST(DecideNotice, ARepWhoSnoozedGetsTheAlertAfterwards) {
  auto sim = offered();
  const auto owner = sim.lead().owner;
  auto later = says(FeedbackKind::kSnooze, "s1", owner.str());
  later.clock = "first_contact#1";
  later.reason = "in_a_meeting";
  later.wake_at = kNow + minutes(20);
  sim.feedback(kNow + minutes(1), later);
  sim.person.lead->handovers.back().state =
      HandoverState::kAccepted;  // no other rep gets it meanwhile
  sim.run_until(kNow + minutes(19));
  EXPECT_EQ(told_of_breach(sim, owner.str()), 0);
  EXPECT_EQ(told_of_breach(sim, "lena"), 1);
  sim.run_until(kNow + minutes(20));
  EXPECT_EQ(told_of_breach(sim, owner.str()), 1);
}

int told(const CoreSim& sim, NoticeKind kind, const std::string& rep) {
  const auto all = sim.notices_of(kind);
  return static_cast<int>(std::count_if(all.begin(), all.end(), [&](const Notice& n) {
    return n.recipient == rep && n.clock == "first_contact";
  }));
}

FeedbackForm answer(FeedbackKind kind, const char* id, const std::string& rep) {
  auto f = says(kind, id, rep);
  f.clock = "first_contact#1";
  f.reason = "on_it";
  return f;
}

TEST(DecideNotice, EachReaderAnswersForThemselvesAlone) {
  for (const bool lead_knows : {true, false}) {
    auto sim = offered();
    const auto owner = sim.lead().owner;
    sim.person.lead->handovers.back().state =
        HandoverState::kAccepted;  // no other rep gets it meanwhile
    sim.run_until(kNow + minutes(6));
    ASSERT_EQ(told(sim, NoticeKind::kBreach, "lena"), 1);
    if (lead_knows)
      sim.feedback(kNow + minutes(6), answer(FeedbackKind::kAcknowledge, "k1", "lena"));
    auto later = answer(FeedbackKind::kSnooze, "s1", owner.str());
    later.wake_at = kNow + minutes(20);
    sim.feedback(kNow + minutes(7), later);
    sim.run_until(kNow + minutes(19));
    EXPECT_EQ(told(sim, NoticeKind::kEscalation, "lena"), lead_knows ? 0 : 1)
        << "what the owner said later is his";
    sim.run_until(kNow + minutes(21));
    EXPECT_EQ(told(sim, NoticeKind::kBreach, owner.str()), 2);
    EXPECT_EQ(knows(*sim.clock("first_contact"), "lena"_rep), lead_knows);
    EXPECT_FALSE(knows(*sim.clock("first_contact"), owner)) << "his snooze is over";
  }
}

TEST(DecideNotice, TwoSnoozesEndEachAtItsOwnTime) {
  auto sim = offered();
  const auto owner = sim.lead().owner;
  sim.person.lead->handovers.back().state = HandoverState::kAccepted;
  sim.run_until(kNow + minutes(11));
  for (const auto& [rep, id, length] :
       {std::tuple(owner.str(), "s1", 40), std::tuple(std::string("lena"), "s2", 30)}) {
    auto later = answer(FeedbackKind::kSnooze, id, rep);
    later.wake_at = kNow + minutes(length);
    sim.feedback(kNow + minutes(12), later);
  }
  const auto again = read_person(write_person(sim.person));
  ASSERT_TRUE(again.has_value());
  sim.person = *again;
  EXPECT_EQ(snoozed_until(*sim.clock("first_contact"), owner), kNow + minutes(40));
  sim.run_until(kNow + minutes(35));
  EXPECT_EQ(told(sim, NoticeKind::kBreach, "lena"), 2);
  EXPECT_EQ(told(sim, NoticeKind::kBreach, owner.str()), 1);
  sim.run_until(kNow + minutes(41));
  EXPECT_EQ(told(sim, NoticeKind::kBreach, owner.str()), 2);
}

TEST(DecideNotice, SaysWhichClockItIsAndWhoKnowsAlready) {
  auto sim = offered();
  const auto owner = sim.lead().owner;
  sim.feedback(kNow + minutes(4), answer(FeedbackKind::kAcknowledge, "k1", owner.str()));
  sim.run_until(kNow + minutes(6));
  int seen = 0;
  for (const auto& notice : sim.notices_of(NoticeKind::kBreach)) {
    if (notice.clock != "first_contact") continue;
    ++seen;
    EXPECT_EQ(notice.recipient, "lena");
    EXPECT_EQ(text(notice.data, "clock_id"), "first_contact#1");
    EXPECT_EQ(notice.data.at("known_by"), json::array{json::string(owner.view())});
  }
  EXPECT_EQ(seen, 1);
}

TEST(DecideNotice, OnlyWhoTheAlertsGoToMayAnswerThem) {
  auto sim = offered();
  const auto owner = sim.lead().owner;
  const std::string stranger = owner == "max" ? "chris" : "max";
  sim.feedback(kNow + minutes(1), answer(FeedbackKind::kAcknowledge, "k1", stranger));
  EXPECT_EQ(sim.count("stage.refused"), 1);
  sim.feedback(kNow + minutes(1), answer(FeedbackKind::kAcknowledge, "k2", "lena"));
  EXPECT_EQ(sim.count("alert.acknowledged"), 1);
}

TEST(DecideNotice, SaysWhyABreachIsExcused) {
  auto sim = offered();
  first_contact(sim).excused = "downtime";
  sim.run_until(kNow + minutes(6));
  ASSERT_FALSE(sim.notices_of(NoticeKind::kBreach).empty());
  for (const auto& notice : sim.notices_of(NoticeKind::kBreach))
    EXPECT_EQ(text(notice.data, "excused"), "downtime");
}

TEST(DecideNotice, TheNotifiedRepsAreKeptInTheDocument) {
  auto sim = offered();
  sim.run_until(kNow + minutes(6));
  const auto again = read_person(write_person(sim.person));
  ASSERT_TRUE(again.has_value());
  const auto* clock = sim.clock("first_contact");
  ASSERT_FALSE(clock->notified.empty());
  EXPECT_EQ(again->clocks.size(), sim.person.clocks.size());
  for (std::size_t i = 0; i < again->clocks.size(); ++i)
    EXPECT_EQ(again->clocks[i].notified, sim.person.clocks[i].notified);
}

}  // namespace
}  // namespace baton
