#include <algorithm>

#include <gtest/gtest.h>

#include "mapping/json.h"
#include "tests/core/core_sim.h"

namespace baton {
namespace {

const Instant kNow = parse_rfc3339("2026-03-03T09:00:00Z").value();

std::vector<std::string> recipients(const CoreSim& sim, NoticeKind kind) {
  std::vector<std::string> out;
  for (const auto& notice : sim.notices_of(kind)) out.push_back(notice.recipient);
  std::sort(out.begin(), out.end());
  return out;
}

ClockInstance& first_contact(CoreSim& sim) {
  return *std::find_if(sim.person.clocks.begin(), sim.person.clocks.end(),
                       [](const auto& c) { return c.definition == "first_contact" && c.state == ClockState::kRunning; });
}

CoreSim offered() {
  CoreSim sim(template_policy());
  sim.touch(kNow, demo_request("t1", kNow));
  return sim;
}

TEST(DecideNotice, HowItEndedIsToldToExactlyThoseWhoGotTheAlert) {
  auto sim = offered();
  sim.run_until(kNow + minutes(30));
  auto alerted = recipients(sim, NoticeKind::kBreach);
  const auto escalated = recipients(sim, NoticeKind::kEscalation);
  ASSERT_FALSE(escalated.empty());
  EXPECT_TRUE(sim.notices_of(NoticeKind::kResolved).empty());
  sim.feedback(kNow + minutes(31), reached("f1", sim.lead().owner, kNow + minutes(31)));
  alerted.insert(alerted.end(), escalated.begin(), escalated.end());
  std::sort(alerted.begin(), alerted.end());
  alerted.erase(std::unique(alerted.begin(), alerted.end()), alerted.end());
  EXPECT_EQ(recipients(sim, NoticeKind::kResolved), alerted);
}

TEST(DecideNotice, WhoKnowsIsNotToldAgainAndOthersAre) {
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

TEST(DecideNotice, WhoSnoozedIsToldAfterwards) {
  auto sim = offered();
  const auto owner = sim.lead().owner;
  auto later = says(FeedbackKind::kSnooze, "s1", owner);
  later.clock = "first_contact#1";
  later.reason = "in_a_meeting";
  later.wake_at = kNow + minutes(20);
  sim.feedback(kNow + minutes(1), later);
  sim.person.lead->handovers.back().state = HandoverState::kAccepted;   // nobody else gets it meanwhile
  sim.run_until(kNow + minutes(19));
  EXPECT_EQ(told_of_breach(sim, owner), 0);
  EXPECT_EQ(told_of_breach(sim, "lena"), 1);
  sim.run_until(kNow + minutes(20));
  EXPECT_EQ(told_of_breach(sim, owner), 1);
}

TEST(DecideNotice, SaysWhyABreachCountsAgainstNobody) {
  auto sim = offered();
  first_contact(sim).excused = "downtime";
  sim.run_until(kNow + minutes(6));
  ASSERT_FALSE(sim.notices_of(NoticeKind::kBreach).empty());
  for (const auto& notice : sim.notices_of(NoticeKind::kBreach)) EXPECT_EQ(text(notice.data, "excused"), "downtime");
}

TEST(DecideNotice, WhoWasToldIsKeptInTheDocument) {
  auto sim = offered();
  sim.run_until(kNow + minutes(6));
  const auto again = read_person(write_person(sim.person));
  ASSERT_TRUE(again.has_value());
  const auto* clock = sim.clock("first_contact");
  ASSERT_FALSE(clock->told.empty());
  EXPECT_EQ(again->clocks.size(), sim.person.clocks.size());
  for (std::size_t i = 0; i < again->clocks.size(); ++i) EXPECT_EQ(again->clocks[i].told, sim.person.clocks[i].told);
}

}  // namespace
}  // namespace baton
