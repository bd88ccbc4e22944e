#include <algorithm>

#include <gtest/gtest.h>

#include "gateway/core/sla/sla_clock.h"
#include "tests/core/sim/core_sim.h"

namespace baton {
namespace {

// A Monday, ten o'clock in Berlin.
const Instant kNow = at("2026-03-09T09:00:00Z");

Touch page_view(std::string id, Instant when) {
  auto touch = make_touch(std::move(id), TouchType::kPageView, Intent::kInformational, when);
  touch.tracking_basis = "consent";
  return touch;
}

TEST(DecideTouches, AHandRaiserIsHandedOverAtOnce) {
  CoreSim sim(template_policy());
  sim.touch(kNow, demo_request("t1", kNow));
  EXPECT_EQ(sim.lead().stage, Stage::kMql);
  EXPECT_FALSE(sim.lead().owner.empty());
  EXPECT_EQ(sim.lead().work, WorkStatus::kAssigned);
  ASSERT_EQ(sim.lead().handovers.size(), 1U);
  EXPECT_EQ(sim.lead().handovers[0].state, HandoverState::kOffered);
  EXPECT_EQ(sim.lead().handovers[0].receipt.size(), 64U);
  EXPECT_EQ(sim.count("handover.offered"), 1);
  EXPECT_EQ(sim.notices_of(NoticeKind::kOffer).size(), 1U);
  EXPECT_EQ(to_rfc3339(sim.clock("first_contact")->due), "2026-03-09T09:05:00Z");
  EXPECT_EQ(to_rfc3339(sim.clock("accept")->due), "2026-03-09T13:00:00Z");
}

TEST(DecideTouches, TheOfferSaysWhoWaitsForWhat) {
  CoreSim sim(template_policy());
  sim.touch(kNow, demo_request("t1", kNow));
  const auto data = sim.notices_of(NoticeKind::kOffer).at(0).data;
  EXPECT_EQ(data.at("name"), "Erika Beispiel");
  EXPECT_EQ(data.at("company"), "Beispiel GmbH");
  EXPECT_EQ(data.at("phone"), "+4930123456");
  EXPECT_EQ(data.at("ask"), "Please show me the product.");
  EXPECT_EQ(data.at("due"), "2026-03-09T09:05:00Z");
  EXPECT_EQ(data.at("waiting_since"), "2026-03-09T09:00:00Z");
}

TEST(DecideTouches, TheContactClockCountsFromTheTouchNotFromItsArrival) {
  CoreSim sim(template_policy());
  sim.touch(kNow + minutes(3), demo_request("t1", kNow));
  EXPECT_EQ(sim.clock("first_contact")->started_at, kNow);
  EXPECT_EQ(to_rfc3339(sim.clock("first_contact")->due), "2026-03-09T09:05:00Z");
  EXPECT_EQ(to_rfc3339(sim.clock("accept")->started_at), "2026-03-09T09:03:00Z");
}

TEST(DecideTouches, AnEventOfTheFutureCountsAsNow) {
  CoreSim sim(template_policy());
  sim.touch(kNow, demo_request("t1", kNow + days(3)));
  EXPECT_EQ(sim.clock("first_contact")->started_at, kNow);
  EXPECT_EQ(sim.person.touches.at(0).at, kNow);
}

TEST(DecideTouches, ATouchThatWasAppliedChangesNothing) {
  CoreSim sim(template_policy());
  sim.touch(kNow, demo_request("t1", kNow));
  const auto before = to_json(sim.person);
  const auto again = sim.touch(kNow + minutes(1), demo_request("t1", kNow));
  EXPECT_FALSE(again.changed);
  EXPECT_TRUE(again.effects.empty());
  EXPECT_EQ(to_json(sim.person), before);
}

TEST(DecideTouches, InterestAloneIsALeadButNoMql) {
  CoreSim sim(template_policy());
  sim.touch(kNow, page_view("t1", kNow));
  EXPECT_EQ(sim.lead().stage, Stage::kLead);
  EXPECT_TRUE(sim.person.clocks.empty());
  EXPECT_EQ(sim.count("owner.requested"), 0);
}

TEST(DecideTouches, APersonWhoCannotBeReachedIsNotHandedOver) {
  CoreSim sim(template_policy());
  auto touch = demo_request("t1", kNow);
  touch.person.email.clear();
  touch.person.phone.clear();
  sim.touch(kNow, touch);
  EXPECT_EQ(sim.lead().stage, Stage::kLead);
  EXPECT_EQ(sim.count("stage.refused"), 1);
  EXPECT_TRUE(sim.timers.count("accept#1") == 0);
}

TEST(DecideTouches, ASecondWishGoesToTheOwnerAndStartsNothingNew) {
  CoreSim sim(template_policy());
  sim.touch(kNow, demo_request("t1", kNow));
  auto second = demo_request("t2", kNow + minutes(1));
  second.message = "And what does it cost?";
  sim.touch(kNow + minutes(1), second);
  EXPECT_EQ(sim.count("handover.offered"), 1);
  EXPECT_EQ(sim.lead().ask, "And what does it cost?");
  const auto offers = sim.notices_of(NoticeKind::kOffer);
  ASSERT_EQ(offers.size(), 2U);
  EXPECT_EQ(offers[1].recipient, sim.lead().owner);
  EXPECT_EQ(offers[1].data.at("again"), true);
}

TEST(DecideTouches, AMoreUrgentWishShortensTheContactClock) {
  CoreSim sim(template_policy());
  sim.touch(kNow, page_view("t1", kNow));
  auto icp = says(FeedbackKind::kIcp, "f1", "");
  icp.fits = true;
  sim.feedback(kNow, icp);
  ASSERT_EQ(sim.lead().stage, Stage::kMql);
  EXPECT_EQ(sim.clock("first_contact")->budget, hours(24));
  sim.touch(kNow + hours(1), demo_request("t2", kNow + hours(1)));
  EXPECT_EQ(to_rfc3339(sim.clock("first_contact")->due), "2026-03-09T10:05:00Z");
  EXPECT_EQ(sim.clock("first_contact")->generation, 2U);
  EXPECT_EQ(sim.count("handover.offered"), 1);
}

TEST(DecideTouches, AnObjectionEndsEverythingAtOnce) {
  CoreSim sim(template_policy());
  sim.touch(kNow, demo_request("t1", kNow));
  const auto owner = sim.lead().owner;
  auto no = make_touch("t2", TouchType::kConsentChanged, Intent::kInformational, kNow + minutes(1));
  no.consent.push_back({"marketing", "all", false, "", ""});
  sim.touch(kNow + minutes(1), no);
  EXPECT_EQ(sim.person.objected_at, kNow + minutes(1));
  EXPECT_EQ(sim.lead().stage, Stage::kDisqualified);
  EXPECT_EQ(sim.lead().handovers.back().state, HandoverState::kWithdrawn);
  for (const auto& clock : sim.person.clocks) EXPECT_TRUE(is_ended(clock)) << clock.id;
  EXPECT_TRUE(sim.timers.empty());
  ASSERT_EQ(sim.notices_of(NoticeKind::kWithdrawn).size(), 1U);
  EXPECT_EQ(sim.notices_of(NoticeKind::kWithdrawn)[0].recipient, owner);
  sim.touch(kNow + minutes(2), demo_request("t3", kNow + minutes(2)));
  EXPECT_FALSE(open_lead(sim.person));
}

TEST(DecideTouches, UnsubscribingFromMailIsNoObjectionToAll) {
  CoreSim sim(template_policy());
  sim.touch(kNow, demo_request("t1", kNow));
  sim.touch(kNow, make_touch("t2", TouchType::kEmailUnsubscribe, Intent::kInformational, kNow));
  EXPECT_FALSE(sim.person.objected_at);
  EXPECT_EQ(sim.lead().stage, Stage::kMql);
  ASSERT_EQ(sim.person.consents.size(), 1U);
  EXPECT_FALSE(sim.person.consents[0].granted);
}

TEST(DecideTouches, TheLatestStatementOfAFieldWinsInAnyOrder) {
  auto older = demo_request("t1", kNow - days(2));
  older.person.job_title = "Einkauf";
  auto newer = demo_request("t2", kNow - days(1));
  newer.person.job_title = "Leitung Einkauf";
  CoreSim one(template_policy()), other(template_policy());
  one.touch(kNow, older), one.touch(kNow, newer);
  other.touch(kNow, newer), other.touch(kNow, older);
  EXPECT_EQ(one.person.profile.job_title, "Leitung Einkauf");
  EXPECT_EQ(other.person.profile.job_title, "Leitung Einkauf");
  EXPECT_EQ(other.person.provenance.at("job_title").touch, "web:t2");
}

TEST(DecideTouches, TwoHundredTouchesAreKeptAndTheRestBecomesSums) {
  CoreSim sim(template_policy());
  for (int i = 0; i < 230; ++i)
    sim.touch(kNow, page_view("t" + std::to_string(i), kNow - minutes(300 - i)));
  EXPECT_EQ(sim.person.touches.size(), 200U);
  EXPECT_EQ(sim.person.archived_touch_hashes.size(), 30U);
  ASSERT_EQ(sim.person.sums.size(), 1U);
  EXPECT_EQ(sim.person.sums[0].count, 30);
  EXPECT_FALSE(sim.touch(kNow, page_view("t0", kNow - minutes(300))).changed);
}

TEST(DecideTouches, TrackingWithoutABasisNeverScores) {
  CoreSim sim(template_policy());
  auto hidden = page_view("t1", kNow);
  hidden.tracking_basis.clear();
  sim.touch(kNow, hidden);
  sim.touch(kNow, page_view("t2", kNow));
  EXPECT_FALSE(sim.person.touches.at(0).scorable);
  EXPECT_TRUE(sim.person.touches.at(1).scorable);
}

TEST(DecideTouches, AnImportOfOldTouchesHandsNothingOver) {
  CoreSim sim(template_policy());
  sim.touch(kNow, demo_request("t1", kNow - days(400)));
  EXPECT_EQ(sim.lead().stage, Stage::kLead);
}

TEST(DecideTouches, ATestPingLeavesNoTrace) {
  CoreSim sim(template_policy());
  EXPECT_FALSE(sim.touch(kNow, make_touch("t1", TouchType::kTestPing, Intent::kInformational, kNow))
                   .changed);
  EXPECT_FALSE(sim.person.lead);
}

TEST(DecideTouches, FirstAndLastAttributionGoByEventTime) {
  CoreSim sim(template_policy());
  auto late = demo_request("t1", kNow);
  late.attribution.utm_source = "newsletter";
  auto early = demo_request("t2", kNow - days(1));
  early.attribution.utm_source = "search";
  sim.touch(kNow, late), sim.touch(kNow, early);
  EXPECT_EQ(sim.person.first_touch.utm_source, "search");
  EXPECT_EQ(sim.person.last_touch.utm_source, "newsletter");
}

TEST(DecideTouches, APersonWhoCannotBeReachedIsSentToNoCrm) {
  CoreSim sim(template_policy());
  auto anonymous = page_view("t1", kNow);
  anonymous.person = {};
  EXPECT_TRUE(sim.touch(kNow, anonymous).effects.empty());
  const auto known = sim.touch(kNow, page_view("t2", kNow));
  EXPECT_EQ(std::count_if(known.effects.begin(), known.effects.end(),
                          [](const Effect& e) { return std::holds_alternative<PushRequested>(e); }),
            1);
}

}  // namespace
}  // namespace baton
