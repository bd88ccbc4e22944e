#include <gtest/gtest.h>

#include "gateway/core/routing/task_queue.h"
#include "mapping/json/json.h"
#include "tests/core/sim/core_sim.h"

// The task of finding out (E3) and the cadence of connect calls (E4, E5). Monday, 10:00 in Berlin;
// the office of the templates is open from 9 to 17.

namespace baton {
namespace {

const Instant kNow = at("2026-03-09T09:00:00Z");

CoreSim new_lead() {
  CoreSim sim(template_policy());
  sim.touch(kNow, make_touch("t1", TouchType::kContentDownload, Intent::kInformational, kNow));
  return sim;
}

FeedbackForm answer(std::string id, std::string outcome, std::string rep = "max") {
  auto f = says(FeedbackKind::kTask, std::move(id), std::move(rep));
  f.outcome = std::move(outcome);
  return f;
}

FeedbackForm attempt(std::string id, const CoreSim& sim, std::string channel, Instant when = {}) {
  auto f = says(FeedbackKind::kAttempt, std::move(id), sim.lead().owner.str(), when);
  f.channel = std::move(channel);
  f.outcome = "no_answer";
  return f;
}

CoreSim accepted() {
  CoreSim sim(template_policy());
  sim.touch(kNow, demo_request("t1", kNow));
  sim.feedback(kNow, says(FeedbackKind::kAccept, "accept", sim.lead().owner.str()));
  return sim;
}

std::string why_refused(const Decision& decision) {
  for (const auto& reason : decision.reasons.read()) {
    if (reason.code == "stage.refused")
      return std::string(reason.facts.at("why").as_string().c_str());
  }
  return {};
}

TEST(QualifyTask, EachNewLeadIsLookedAtOnce) {
  auto sim = new_lead();
  ASSERT_EQ(sim.lead().tasks.size(), 1U);
  EXPECT_EQ(sim.lead().tasks[0].kind, TaskKind::kQualify);
  EXPECT_EQ(sim.lead().tasks[0].team, "sales");
  sim.touch(kNow + minutes(1),
            make_touch("t2", TouchType::kContentDownload, Intent::kInformational, kNow));
  EXPECT_EQ(sim.lead().tasks.size(), 1U);
}

TEST(QualifyTask, OneInAQueueNotifiesItsKeeperOnce) {
  auto sim = new_lead();
  sim.touch(kNow + minutes(1),
            make_touch("t2", TouchType::kContentDownload, Intent::kInformational, kNow));
  sim.run_until(kNow + hours(4));
  const auto told = sim.notices_of(NoticeKind::kTask);
  ASSERT_EQ(told.size(), 1U);
  EXPECT_EQ(told[0].recipient, "lena");
  EXPECT_EQ(told[0].key, "p1.1/t1:due:lena");
  EXPECT_EQ(text(told[0].data, "queue"), "sales");
  sim.feedback(kNow + hours(5), answer("f1", "unclear", "lena"));
  sim.run_until(kNow + days(2));
  ASSERT_EQ(sim.notices_of(NoticeKind::kTask).size(), 2U) << "the next try is a task of its own";
  EXPECT_EQ(sim.notices_of(NoticeKind::kTask)[1].key, "p1.1/t2:due:lena");
}

TEST(QualifyTask, AVisitorWhoCannotBeReachedMakesNoTaskYet) {
  CoreSim sim(template_policy());
  auto unknown = make_touch("t1", TouchType::kPageView, Intent::kInformational, kNow);
  unknown.person = {};
  sim.touch(kNow, unknown);
  EXPECT_EQ(sim.lead().stage, Stage::kLead);
  EXPECT_TRUE(sim.lead().tasks.empty());
  EXPECT_TRUE(sim.notices_of(NoticeKind::kTask).empty());
  sim.touch(kNow + minutes(1), make_touch("t2", TouchType::kContentDownload, Intent::kInformational,
                                          kNow + minutes(1)));
  EXPECT_EQ(sim.lead().tasks.size(), 1U);
  EXPECT_EQ(sim.notices_of(NoticeKind::kTask).size(), 1U);
}

TEST(QualifyTask, OneOfARepNotifiesOnlyThisRep) {
  auto text = template_text("lifecycle");
  text.replace(text.find("  team: sales "), 14, "  rep: max ");
  CoreSim sim(template_policy({{"lifecycle", text}}));
  sim.touch(kNow, make_touch("t1", TouchType::kContentDownload, Intent::kInformational, kNow));
  const auto told = sim.notices_of(NoticeKind::kTask);
  ASSERT_EQ(told.size(), 1U);
  EXPECT_EQ(told[0].recipient, "max");
  EXPECT_FALSE(told[0].data.contains("queue"));
}

TEST(TaskQueue, IsKeptByTheLeadElseTheHeadElseAllMembersOfTheTeam) {
  using Names = std::vector<RepId>;
  RoutingPolicy routing;
  for (const auto* id : {"anna", "ben", "dora", "emil"}) {
    Rep rep;
    rep.id = RepId(id);
    rep.team = id == std::string_view("dora") ? "heads" : "t";
    routing.reps.push_back(rep);
  }
  routing.reps[3].active = false;
  routing.teams = {{"t", "Team", "ben"_rep, "dora"_rep, {}}};
  EXPECT_EQ(queue_recipients(routing, "t"), Names{"ben"_rep});
  Task task;
  task.team = "t";
  EXPECT_TRUE(may_do(routing, task, "anna"_rep) && may_do(routing, task, "ben"_rep));
  EXPECT_TRUE(may_do(routing, task, "dora"_rep)) << "of another team, but answers for this one";
  EXPECT_FALSE(may_do(routing, task, "stranger"_rep));
  routing.reps[1].active = false;
  EXPECT_EQ(queue_recipients(routing, "t"), Names{"dora"_rep});
  routing.teams[0].head.clear();
  EXPECT_FALSE(may_do(routing, task, "dora"_rep));
  routing.reps[1].active = true;
  routing.teams[0].lead.clear();
  EXPECT_EQ(queue_recipients(routing, "t"), (Names{"anna"_rep, "ben"_rep}))
      << "who left hears nothing";
  EXPECT_EQ(queue_recipients(routing, "nobodys"), Names{});
  routing.catch_all_notify = "dora"_rep;
  EXPECT_EQ(queue_recipients(routing, ""), Names{"dora"_rep});
  task.owner = "anna"_rep;
  EXPECT_TRUE(may_do(routing, task, "anna"_rep));
  EXPECT_FALSE(may_do(routing, task, "ben"_rep));
}

TEST(QualifyTask, APersonWhoAsksForContactIsHandedOverWithoutOne) {
  CoreSim sim(template_policy());
  sim.touch(kNow, demo_request("t1", kNow));
  EXPECT_TRUE(sim.lead().tasks.empty());
}

TEST(QualifyTask, FitMakesAnMqlAndKeepsWhatWasFoundOutWithItsSource) {
  auto sim = new_lead();
  auto said = answer("f1", "fit");
  said.facts.job_title = "Leiterin Einkauf";
  said.facts.phone = "+4930999";
  sim.feedback(kNow + hours(1), said);
  EXPECT_EQ(sim.lead().stage, Stage::kMql);
  EXPECT_EQ(sim.person.profile.job_title, "Leiterin Einkauf");
  EXPECT_EQ(sim.person.provenance.at("job_title").source, "sdr:max");
  EXPECT_EQ(sim.lead().tasks[0].result, "fit");
  EXPECT_EQ(sim.lead().tasks[0].state, TaskState::kDone);
}

TEST(QualifyTask, UnfitGoesWherePolicySays) {
  auto sim = new_lead();
  sim.feedback(kNow + hours(1), answer("f1", "unfit"));
  EXPECT_EQ(sim.lead().stage, Stage::kNurture);
  EXPECT_EQ(sim.lead().stages.back().rule, "T5");
}

TEST(QualifyTask, UnclearIsTriedAgainAWorkingDayLaterThenGivenUp) {
  auto sim = new_lead();
  sim.feedback(kNow + hours(1), answer("f1", "unclear"));
  ASSERT_EQ(sim.lead().tasks.size(), 2U);
  EXPECT_EQ(sim.lead().tasks[1].due_at, at("2026-03-10T10:00:00Z"));  // 8 working hours after 11:00
  sim.feedback(kNow + days(1) + hours(2), answer("f2", "unclear"));
  EXPECT_EQ(sim.lead().stage, Stage::kNurture);
  EXPECT_EQ(sim.lead().reason, "unclear");
}

TEST(QualifyTask, OnlyTheTeamAnswersAndOnlyWithAnAnswer) {
  auto sim = new_lead();
  EXPECT_EQ(why_refused(sim.feedback(kNow, answer("f1", "fit", "stranger"))), "not_the_owner");
  EXPECT_EQ(why_refused(sim.feedback(kNow, answer("f2", "perhaps"))), "no_answer_given");
  auto other = answer("f3", "fit");
  other.item = "p1.1/t9";
  EXPECT_EQ(why_refused(sim.feedback(kNow, other)), "no_such_task");
  EXPECT_EQ(sim.lead().stage, Stage::kLead);
}

TEST(Cadence, BeginsWithACallWhenSalesAccepts) {
  const auto sim = accepted();
  ASSERT_EQ(sim.lead().tasks.size(), 1U);
  EXPECT_EQ(sim.lead().tasks[0].channel, "phone");
  EXPECT_EQ(sim.lead().tasks[0].owner, sim.lead().owner);
  EXPECT_EQ(sim.lead().tasks[0].due_at, kNow);
  EXPECT_TRUE(sim.notices_of(NoticeKind::kTask).empty())
      << "who accepts just now needs no reminder";
}

TEST(Cadence, TheNextStepComesAfterFourWorkingHoursAndTheOwnerIsReminded) {
  auto sim = accepted();
  sim.feedback(kNow + hours(6), attempt("f1", sim, "phone"));  // 16:00: an hour of the day is left
  ASSERT_EQ(sim.lead().tasks.size(), 2U);
  EXPECT_EQ(sim.lead().tasks[1].channel, "email");
  const auto due = *sim.lead().tasks[1].due_at;
  EXPECT_EQ(due, at("2026-03-10T11:00:00Z"));  // Tuesday noon
  sim.run_until(due - seconds(1));
  EXPECT_TRUE(sim.notices_of(NoticeKind::kTask).empty());
  sim.run_until(due);
  ASSERT_EQ(sim.notices_of(NoticeKind::kTask).size(), 1U);
  EXPECT_EQ(sim.notices_of(NoticeKind::kTask)[0].recipient, sim.lead().owner);
  sim.run_until(due + days(3));
  EXPECT_EQ(sim.notices_of(NoticeKind::kTask).size(), 1U);
}

TEST(Cadence, AcceptedAtNightBeginsInTheMorningWithAReminder) {
  CoreSim sim(template_policy());
  const auto night = at("2026-03-09T21:00:00Z");
  sim.touch(night, demo_request("t1", night));
  sim.feedback(night, says(FeedbackKind::kAccept, "accept", sim.lead().owner.str()));
  EXPECT_EQ(sim.lead().tasks[0].due_at, at("2026-03-10T08:00:00Z"));
  sim.run_until(at("2026-03-10T08:00:00Z"));
  EXPECT_EQ(sim.notices_of(NoticeKind::kTask).size(), 1U);
}

TEST(Cadence, AnAttemptTooEarlyIsNoStep) {
  auto sim = accepted();
  sim.feedback(kNow + minutes(1), attempt("f1", sim, "phone"));
  sim.feedback(kNow + minutes(2), attempt("f2", sim, "phone"));
  EXPECT_EQ(sim.lead().attempts.size(), 2U);
  EXPECT_EQ(sim.lead().tasks.size(), 2U);
  EXPECT_EQ(sim.lead().tasks[1].state, TaskState::kOpen);
}

TEST(Cadence, AnotherChannelIsTheStepUnlessPolicySaysNo) {
  auto sim = accepted();
  sim.feedback(kNow + minutes(1), attempt("f1", sim, "email"));
  EXPECT_EQ(sim.lead().tasks[0].state, TaskState::kDone);
  auto text = template_text("lifecycle");
  text.replace(text.find("other_channel: counts"), 21, "other_channel: extra ");
  CoreSim strict(template_policy({{"lifecycle", text}}));
  strict.touch(kNow, demo_request("t1", kNow));
  strict.feedback(kNow, says(FeedbackKind::kAccept, "accept", strict.lead().owner.str()));
  strict.feedback(kNow + minutes(1), attempt("f1", strict, "email"));
  EXPECT_EQ(strict.lead().tasks[0].state, TaskState::kOpen);
}

TEST(Cadence, AnyContactEndsIt) {
  auto sim = accepted();
  sim.feedback(kNow + minutes(2), reached("f1", sim.lead().owner.str(), kNow + minutes(2)));
  ASSERT_EQ(sim.lead().tasks.size(), 1U);
  EXPECT_EQ(sim.lead().tasks[0].result, "reached");
  sim.run_until(kNow + days(5));
  EXPECT_EQ(sim.lead().tasks.size(), 1U);
}

// Every step on its day; the last answer decides.
CoreSim exhausted() {
  auto sim = accepted();
  for (const int day : {0, 1, 2, 3, 4, 7, 8})
    sim.feedback(kNow + days(day) + minutes(5), attempt("f" + std::to_string(day), sim, "phone"));
  return sim;
}

TEST(Cadence, AllStepsWithoutSuccessGoToNurture) {
  const auto sim = exhausted();
  EXPECT_EQ(sim.lead().stage, Stage::kNurture);
  EXPECT_EQ(sim.lead().stages.back().rule, "T11");
  EXPECT_EQ(sim.lead().reason, "attempts_exhausted");
  EXPECT_GE(sim.lead().attempts.size(), 4U);
  EXPECT_EQ(sim.count("cadence.run_out"), 1);
}

TEST(Cadence, NewInterestOutOfNurtureComesBackToTheSameOwner) {
  auto sim = exhausted();
  const auto owner = sim.lead().owner;
  const auto later = kNow + days(10);
  sim.touch(later, demo_request("t2", later));
  EXPECT_EQ(sim.lead().cycle, 2);
  EXPECT_EQ(sim.lead().owner, owner);
  sim.feedback(later, says(FeedbackKind::kAccept, "accept2", owner.str()));
  ASSERT_EQ(sim.lead().tasks.size(), 1U);
  EXPECT_EQ(sim.lead().tasks[0].step, 1);
}

TEST(Cadence, CallMeOnFridayIsATaskForFriday) {
  auto sim = accepted();
  auto said = attempt("f1", sim, "phone");
  said.outcome = "callback";
  said.wake_at = at("2026-03-13T09:30:00Z");
  sim.feedback(kNow + minutes(5), said);
  ASSERT_EQ(sim.lead().tasks.size(), 2U);
  EXPECT_EQ(sim.lead().tasks[1].due_at, said.wake_at);
  sim.run_until(*said.wake_at);
  EXPECT_EQ(sim.notices_of(NoticeKind::kTask).size(), 1U);
}

// A business whose interest is a grade, not a wish: calls are not lawful, letters are.
CoreSim by_grade(bool email_consent) {
  CoreSim sim(template_policy());
  auto touch = make_touch("t1", TouchType::kContentDownload, Intent::kInformational, kNow);
  if (email_consent) touch.consent.push_back({"marketing", "email", true, "express", "v1"});
  sim.touch(kNow, touch);
  sim.feedback(kNow, answer("f1", "fit"));
  sim.feedback(kNow, says(FeedbackKind::kAccept, "accept", sim.lead().owner.str()));
  return sim;
}

TEST(LawfulContact, WithoutABasisThereIsNoCallTaskAndTheOfferHasNoNumber) {
  const auto sim = by_grade(true);
  EXPECT_EQ(sim.lead().stage, Stage::kSal);
  EXPECT_EQ(sim.lead().blocked, "blocked_by_law:no_interest");
  const auto& task = sim.lead().tasks.back();
  EXPECT_EQ(task.channel, "email");
  EXPECT_EQ(task.step, 2);
  for (const auto& offer : sim.notices_of(NoticeKind::kOffer))
    EXPECT_FALSE(offer.data.contains("phone"));
}

TEST(LawfulContact, WithNothingAllowedTheCadenceWaitsUntilTheyAsk) {
  auto sim = by_grade(false);
  ASSERT_EQ(sim.lead().tasks.back().state, TaskState::kBlocked);
  EXPECT_EQ(sim.lead().tasks.back().result, "blocked_by_law:no_interest");
  sim.touch(kNow + hours(1), demo_request("t2", kNow + hours(1)));
  EXPECT_EQ(sim.lead().blocked, "");
  EXPECT_EQ(sim.lead().contact_basis, "presumed");
  EXPECT_EQ(sim.lead().tasks.back().state, TaskState::kOpen);
  EXPECT_EQ(sim.lead().tasks.back().channel, "phone");
}

TEST(LawfulContact, ACadenceOfTooFewLawfulStepsAsksTheOwnerAndBeginsAgainOnInterest) {
  auto sim = by_grade(true);
  sim.feedback(kNow + hours(1), attempt("f2", sim, "email"));
  EXPECT_EQ(sim.lead().tasks.back().step, 6);
  sim.feedback(kNow + days(1) + hours(1), attempt("f3", sim, "email"));
  EXPECT_EQ(sim.lead().stage, Stage::kSal) << "two attempts are not enough for nurture";
  EXPECT_EQ(sim.count("cadence.run_out"), 1);
  const auto later = kNow + days(2);
  sim.touch(later, demo_request("t2", later));
  EXPECT_EQ(sim.count("cadence.reopened"), 1);
  EXPECT_EQ(sim.lead().tasks.back().step, 1);
  EXPECT_EQ(sim.lead().tasks.back().channel, "phone");
}

TEST(LawfulContact, ClocksThatNameItArePausedAndResumed) {
  CoreSim sim(template_policy());
  sim.touch(kNow, make_touch("t1", TouchType::kContentDownload, Intent::kInformational, kNow));
  sim.feedback(kNow, answer("f1", "fit"));
  sim.feedback(kNow, says(FeedbackKind::kAccept, "accept", sim.lead().owner.str()));
  EXPECT_EQ(sim.clock("connect_attempts")->state, ClockState::kPaused);
  sim.touch(kNow + hours(1), demo_request("t2", kNow + hours(1)));
  EXPECT_EQ(sim.clock("connect_attempts")->state, ClockState::kRunning);
}

TEST(LawfulContact, AnObjectionLeavesNothingToDo) {
  auto sim = accepted();
  auto touch =
      make_touch("t2", TouchType::kConsentChanged, Intent::kInformational, kNow + minutes(1));
  touch.consent.push_back({"marketing", "all", false, "", ""});
  sim.touch(kNow + minutes(1), touch);
  EXPECT_EQ(sim.lead().tasks[0].state, TaskState::kCancelled);
  for (const auto& clock : sim.person.clocks) EXPECT_NE(clock.state, ClockState::kRunning);
  EXPECT_TRUE(sim.timers.empty());
}

}  // namespace
}  // namespace baton
