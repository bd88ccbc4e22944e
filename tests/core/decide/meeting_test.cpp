#include <algorithm>

#include <gtest/gtest.h>

#include "gateway/core/explain/explain.h"
#include "mapping/json/json.h"
#include "tests/core/sim/core_sim.h"

// Appointments as handovers (E6).

namespace baton {
namespace {

const Instant kNow = at("2026-03-09T09:00:00Z");
const Instant kThen = at("2026-03-12T13:00:00Z");

Touch appointment(std::string id, TouchType type, std::string uri, Instant begins = kThen,
                  Instant said = kNow) {
  auto touch = make_touch(std::move(id), type, default_intent(type), said);
  touch.source = "calendly";
  touch.properties["meeting_uri"] = std::move(uri);
  touch.properties["meeting_start"] = to_rfc3339(begins);
  touch.properties["meeting_host"] = "chris.sample@example.com";
  return touch;
}

CoreSim booked() {
  CoreSim sim(template_policy());
  sim.touch(kNow, appointment("m1", TouchType::kMeetingBooked, "cal/1"));
  return sim;
}

FeedbackForm says_of_it(std::string id, std::string outcome, std::string rep) {
  auto f = says(FeedbackKind::kMeeting, std::move(id), std::move(rep));
  f.outcome = std::move(outcome);
  return f;
}

TEST(Meeting, ABookedAppointmentMakesAnSqlOfItsHost) {
  const auto sim = booked();
  const auto& lead = sim.lead();
  EXPECT_EQ(lead.stage, Stage::kSql);
  EXPECT_EQ(lead.owner, "chris");
  EXPECT_EQ(lead.route_rule, "meeting");
  EXPECT_EQ(lead.work, WorkStatus::kMeetingBooked);
  ASSERT_EQ(lead.meetings.size(), 1U);
  EXPECT_EQ(lead.meetings[0].at, kThen);
  ASSERT_EQ(lead.stages.size(), 4U);
  EXPECT_TRUE(lead.stages[1].implied && lead.stages[2].implied);
  EXPECT_EQ(lead.stages[1].rule, "T19");
  ASSERT_EQ(lead.handovers.size(), 1U);
  EXPECT_EQ(lead.handovers[0].state, HandoverState::kAccepted);
  EXPECT_EQ(sim.notices_of(NoticeKind::kOffer).size(), 1U);
}

const Reason* reason_of(const DecisionRecord& record, std::string_view code) {
  const auto found = std::find_if(record.reasons.begin(), record.reasons.end(),
                                  [&](const Reason& r) { return r.code == code; });
  return found == record.reasons.end() ? nullptr : &*found;
}

TEST(Meeting, ItsHostHasTheLeadByTheCalendarAndNotFromAPool) {
  CoreSim sim(template_policy());
  sim.touch(kNow, demo_request("t1", kNow));
  const auto* picked = reason_of(sim.log.back(), "assignment.made");
  ASSERT_NE(picked, nullptr);
  EXPECT_EQ(text(picked->facts, "pool"), "sales");
  EXPECT_FALSE(picked->facts.contains("host"));
  sim.touch(kNow + minutes(1),
            appointment("m1", TouchType::kMeetingBooked, "cal/1", kThen, kNow + minutes(1)));
  const auto* made = reason_of(sim.log.back(), "assignment.made");
  ASSERT_NE(made, nullptr);
  EXPECT_FALSE(made->facts.contains("pool"));
  EXPECT_EQ(explain_reason(*made, texts_in("en")),
            "assigned to chris, whose calendar holds the appointment");
  EXPECT_EQ(explain_reason(*made, texts_in("de")),
            "zugewiesen an chris, dort steht der Termin im Kalender");
}

TEST(Meeting, TheHostTakesOverFromTheRepItWasOfferedTo) {
  CoreSim sim(template_policy());
  sim.touch(kNow, demo_request("t1", kNow));
  const auto first = sim.lead().owner;
  ASSERT_NE(first, "chris");
  sim.touch(kNow + minutes(1),
            appointment("m1", TouchType::kMeetingBooked, "cal/1", kThen, kNow + minutes(1)));
  EXPECT_EQ(sim.lead().owner, "chris");
  EXPECT_EQ(sim.lead().handovers[0].state, HandoverState::kSuperseded);
  EXPECT_EQ(sim.lead().handovers[1].state, HandoverState::kAccepted);
  EXPECT_EQ(sim.lead().stage, Stage::kSql);
}

TEST(Meeting, WithoutAKnownHostThePoolFindsAnOwner) {
  CoreSim sim(template_policy());
  auto touch = appointment("m1", TouchType::kMeetingBooked, "cal/1");
  touch.properties["meeting_host"] = "stranger@example.com";
  sim.touch(kNow, touch);
  EXPECT_EQ(sim.lead().stage, Stage::kSql);
  EXPECT_FALSE(sim.lead().owner.empty());
  EXPECT_EQ(sim.lead().handovers[0].state, HandoverState::kOffered);
}

TEST(Meeting, ASecondBookingMovesTheOneThereIs) {
  auto sim = booked();
  sim.touch(kNow + hours(1), appointment("m2", TouchType::kMeetingBooked, "cal/2", kThen + days(1),
                                         kNow + hours(1)));
  ASSERT_EQ(sim.lead().meetings.size(), 1U);
  EXPECT_EQ(sim.lead().meetings[0].moves, 1);
  EXPECT_EQ(sim.lead().meetings[0].at, kThen + days(1));
  sim.touch(kNow + hours(2), appointment("m0", TouchType::kMeetingBooked, "cal/0", kThen - days(1),
                                         kNow - hours(1)));
  EXPECT_EQ(sim.lead().meetings[0].at, kThen + days(1)) << "news of an older booking came late";
}

TEST(Meeting, ANoShowBecomesATaskTwiceThenNurture) {
  auto sim = booked();
  for (int i = 0; i < 3; ++i) {
    const auto begins = kThen + days(i);
    const auto uri = "cal/" + std::to_string(i + 1);
    if (i > 0) {
      sim.touch(begins - hours(20),
                appointment("b" + uri, TouchType::kMeetingBooked, uri, begins, begins - hours(20)));
    }
    sim.touch(begins + hours(1),
              appointment("n" + uri, TouchType::kMeetingNoShow, uri, begins, begins + hours(1)));
    if (i == 2) break;
    ASSERT_FALSE(sim.lead().tasks.empty());
    EXPECT_EQ(sim.lead().tasks.back().kind, TaskKind::kReschedule);
    EXPECT_EQ(sim.lead().tasks.back().state, TaskState::kOpen);
    EXPECT_EQ(sim.lead().tasks.back().owner, "chris");
  }
  EXPECT_EQ(sim.lead().stage, Stage::kNurture);
  EXPECT_EQ(sim.lead().stages.back().rule, "T14");
  EXPECT_EQ(sim.lead().reason, "no_show");
}

TEST(Meeting, HeldIsAContactWithItsEvidence) {
  auto sim = booked();
  auto said = says_of_it("f1", "held", "chris");
  said.evidence = "minutes-17";
  sim.feedback(kThen + hours(1), said);
  EXPECT_EQ(sim.lead().meetings[0].state, MeetingState::kHeld);
  EXPECT_EQ(sim.lead().meetings[0].evidence, "minutes-17");
  EXPECT_EQ(sim.lead().work, WorkStatus::kConnected);
  ASSERT_EQ(sim.lead().attempts.size(), 1U);
  EXPECT_EQ(sim.lead().attempts[0].channel, "meeting");
}

TEST(Meeting, SalesEntersOneByHandAndASdrMayDoSoForAnother) {
  CoreSim sim(template_policy());
  sim.touch(kNow, make_touch("t1", TouchType::kContentDownload, Intent::kInformational, kNow));
  auto said = says_of_it("f1", "booked", "max");
  said.host = "erika";
  said.wake_at = kThen;
  sim.feedback(kNow + hours(1), said);
  EXPECT_EQ(sim.lead().stage, Stage::kSql);
  EXPECT_EQ(sim.lead().owner, "erika");
  sim.feedback(kNow + hours(2), says_of_it("f2", "cancelled", "max"));
  EXPECT_EQ(sim.lead().meetings[0].state, MeetingState::kBooked)
      << "what became of it, its owner says";
  sim.feedback(kNow + hours(3), says_of_it("f3", "cancelled", "erika"));
  EXPECT_EQ(sim.lead().meetings[0].state, MeetingState::kCancelled);
  EXPECT_EQ(sim.lead().tasks.back().kind, TaskKind::kReschedule);
}

TEST(Meeting, ClocksThatCountFromAnAppointmentBeginWithIt) {
  CoreSim sim(template_policy());
  sim.touch(kNow, appointment("m1", TouchType::kMeetingBooked, "cal/1"));
  EXPECT_EQ(sim.clock("meeting_held"), nullptr);
  sim.run_until(kThen);
  ASSERT_NE(sim.clock("meeting_held"), nullptr);
  EXPECT_EQ(sim.clock("meeting_held")->started_at, kThen);
  sim.feedback(kThen + hours(1), says_of_it("f1", "held", "chris"));
  EXPECT_EQ(sim.clock("meeting_held")->state, ClockState::kStopped);
}

TEST(Meeting, AnAppointmentOutOfNurtureOpensTheNextEpisode) {
  CoreSim sim(template_policy());
  sim.touch(kNow, demo_request("t1", kNow));
  auto said = says(FeedbackKind::kReject, "f1", sim.lead().owner.str());
  said.reason = "not_ready";
  sim.feedback(kNow, said);
  sim.touch(kNow + days(1),
            appointment("m1", TouchType::kMeetingBooked, "cal/1", kThen, kNow + days(1)));
  EXPECT_EQ(sim.lead().cycle, 2);
  EXPECT_EQ(sim.lead().stage, Stage::kSql);
  EXPECT_EQ(sim.lead().owner, "chris");
}

}  // namespace
}  // namespace baton
