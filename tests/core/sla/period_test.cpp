#include "gateway/core/sla/period.h"

#include <gtest/gtest.h>

#include "gateway/core/explain/period_book.h"
#include "tests/core/sim/core_sim.h"

namespace baton {
namespace {

const Instant kNow = at("2026-03-09T09:00:00Z");

const BusinessCalendar& office(const Policy& policy) {
  return *policy.calendars.find(policy.sla->calendar);
}

PeriodDefinition volume() {
  PeriodDefinition p;
  p.id = "volume";
  p.target = 100;
  p.warnings = {50, 75};
  return p;
}

PeriodDefinition quality() {
  auto p = volume();
  p.id = "quality";
  p.measure = PeriodMeasure::kQuality;
  p.target = 90;
  p.least = 10;
  return p;
}

TEST(Period, AMonthIsLocalAndItsChecksAreInWorkingTime) {
  const auto policy = template_policy();
  const auto& calendar = office(*policy);
  const auto window = period_at(volume(), calendar, kNow);
  EXPECT_EQ(to_rfc3339(window.from), "2026-02-28T23:00:00Z");
  EXPECT_EQ(to_rfc3339(window.to), "2026-03-31T22:00:00Z");  // summer time began
  const auto checks = period_checks(volume(), calendar, window);
  ASSERT_EQ(checks.size(), 3U);
  EXPECT_TRUE(calendar.is_open(checks[0].at) || calendar.is_open(checks[0].at - minutes(1)));
  EXPECT_LT(checks[0].at, checks[1].at);
  EXPECT_EQ(checks[2].at, window.to);
  EXPECT_EQ(period_percent(calendar, window, checks[0].at), 50);
  EXPECT_EQ(period_percent(calendar, window, window.to), 100);
}

TEST(Period, AWeekBeginsOnMonday) {
  const auto policy = template_policy();
  auto week = volume();
  week.every = PeriodLength::kWeek;
  const auto window = period_at(week, office(*policy), kNow);
  EXPECT_EQ(to_rfc3339(window.from), "2026-03-08T23:00:00Z");
  EXPECT_EQ(to_rfc3339(window.to), "2026-03-15T23:00:00Z");
}

TEST(Period, VolumeIsJudgedByThePaceAndAtTheEndByTheTarget) {
  EXPECT_EQ(judge_period(volume(), {50, 0, 0}, 50).state, PeriodState::kOnPace);
  EXPECT_EQ(judge_period(volume(), {49, 0, 0}, 50).state, PeriodState::kShort);
  EXPECT_EQ(judge_period(volume(), {49, 0, 0}, 50).expected, 50);
  EXPECT_EQ(judge_period(volume(), {99, 0, 0}, 100).state, PeriodState::kMissed);
  EXPECT_EQ(judge_period(volume(), {100, 0, 0}, 100).state, PeriodState::kMet);
}

TEST(Period, QualityIsAShareOfDecidedHandoversAndNeedsEnoughOfThem) {
  EXPECT_EQ(judge_period(quality(), {0, 9, 1}, 50).state, PeriodState::kOnPace);
  EXPECT_EQ(judge_period(quality(), {0, 89, 11}, 50).state, PeriodState::kShort);
  EXPECT_EQ(judge_period(quality(), {0, 89, 11}, 100).state, PeriodState::kMissed);
  EXPECT_EQ(judge_period(quality(), {0, 1, 5}, 100).state, PeriodState::kTooFew);
  EXPECT_EQ(judge_period(quality(), {}, 100).state, PeriodState::kTooFew);
}

// One lead accepted in time, one rejected, one without a response.
struct Days {
  Days() {
    play("p1", [](CoreSim& sim) {
      sim.feedback(kNow + minutes(1), says(FeedbackKind::kAccept, "f1", sim.lead().owner.str()));
    });
    play("p2", [](CoreSim& sim) {
      auto no = says(FeedbackKind::kReject, "f2", sim.lead().owner.str());
      no.reason = "not_ready";
      sim.feedback(kNow + minutes(2), no);
    });
    play("p3", [](CoreSim&) {});
  }
  template <class Then>
  void play(const std::string& person, Then then) {
    CoreSim sim(template_policy(), person);
    sim.touch(kNow, demo_request("t" + person, kNow));
    then(sim);
    sim.run_until(kNow + minutes(4));
    for (const auto& record : sim.log) book.add(record);
  }
  PeriodBook book;
};

TEST(PeriodBook, CountsTheEventsOfTheLog) {
  const Days days;
  const auto counts = days.book.counts(kNow, kNow + hours(1));
  EXPECT_EQ(counts.mqls, 3);
  EXPECT_EQ(counts.accepted, 1);
  EXPECT_EQ(counts.rejected, 1);
  EXPECT_EQ(days.book.counts(kNow + minutes(2), kNow + hours(1)).accepted, 0);
  const auto offered = days.book.offered(kNow, kNow + hours(1));
  ASSERT_EQ(offered.size(), 3U);
  EXPECT_EQ(offered[0]->state, HandoverState::kAccepted);
  EXPECT_EQ(offered[1]->state, HandoverState::kRejected);
  EXPECT_EQ(offered[1]->reason, "not_ready");
  EXPECT_EQ(offered[2]->state, HandoverState::kOffered);
  EXPECT_EQ(offered[2]->pool, "sales");
}

TEST(PeriodBook, AWrongRouteDoesNotCountAgainstTheLead) {
  CoreSim sim(template_policy());
  sim.touch(kNow, demo_request("t1", kNow));
  auto no = says(FeedbackKind::kReject, "f1", sim.lead().owner.str());
  no.reason = "wrong_territory";
  sim.feedback(kNow + minutes(1), no);
  PeriodBook book;
  for (const auto& record : sim.log) book.add(record);
  const auto offered = book.offered(kNow, kNow + hours(1));
  ASSERT_EQ(offered.size(), 2U) << "handed on";
  EXPECT_TRUE(offered[0]->wrong_route);
  EXPECT_EQ(book.counts(kNow, kNow + hours(1)).rejected, 0);
}

TEST(PeriodBook, DistinguishesWithdrawnBreaches) {
  CoreSim sim(template_policy());
  sim.touch(kNow, demo_request("t1", kNow));
  const auto owner = sim.lead().owner;
  sim.run_until(kNow + minutes(6));
  sim.feedback(kNow + minutes(7), reached("f1", sim.lead().owner.str(), kNow + minutes(1)));
  PeriodBook book;
  for (const auto& record : sim.log) book.add(record);
  const auto breaches = book.breaches(kNow, kNow + hours(1));
  ASSERT_EQ(breaches.size(), 1U);
  EXPECT_EQ(breaches[0].clock, "first_contact");
  EXPECT_EQ(breaches[0].late_news, sim.clock("first_contact")->late_evidence);
}

TEST(PeriodBook, MeasuresTheTimeFromAcceptanceToContact) {
  CoreSim sim(template_policy());
  sim.touch(kNow, demo_request("t1", kNow));
  sim.feedback(kNow + minutes(1), says(FeedbackKind::kAccept, "f1", sim.lead().owner.str()));
  sim.feedback(kNow + minutes(4), reached("f2", sim.lead().owner.str(), kNow + minutes(4)));
  PeriodBook book;
  for (const auto& record : sim.log) book.add(record);
  ASSERT_EQ(book.handlings().size(), 1U);
  EXPECT_EQ(book.handlings()[0].contact_at - book.handlings()[0].accepted_at, minutes(3));
}

TEST(PeriodBook, ForgetsOldEntries) {
  Days days;
  days.book.forget_before(kNow + hours(1));
  EXPECT_TRUE(days.book.offered(kNow, kNow + hours(1)).empty());
  EXPECT_EQ(days.book.counts(kNow, kNow + hours(1)).mqls, 0);
}

TEST(PeriodPolicy, IsReadWithDefaultsAndChecked) {
  const auto sla =
      template_text("sla") + "\nperiods:\n  volume: {measure: volume, target: 100, to: [erika]}\n";
  const auto policy = template_policy({{"sla", sla}});
  ASSERT_EQ(policy->sla->periods.size(), 1U);
  EXPECT_EQ(policy->sla->periods[0].warnings, (std::vector<int>{50, 75}));
  EXPECT_EQ(policy->sla->periods[0].calendar, "office");
  EXPECT_EQ(policy->sla->forecast.warn, 5);
}

}  // namespace
}  // namespace baton
