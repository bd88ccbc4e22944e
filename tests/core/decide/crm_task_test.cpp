#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "gateway/core/sla/crm_task.h"
#include "tests/core/sim/core_sim.h"

// Work that CRMs show as tasks: each is asked for when it opens, moves or ends, and never twice for
// the same. Monday, 10:00 in Berlin.

namespace baton {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

const Instant kNow = at("2026-03-09T09:00:00Z");

std::shared_ptr<const Policy> showing(const std::string& kinds, const std::string& more = "") {
  auto text = template_text("lifecycle");
  const std::string there = "push: {from: lead}";
  text.replace(text.find(there), there.size(), "push: {tasks: [" + kinds + "]" + more + "}");
  return template_policy({{"lifecycle", text}});
}

// The requests to CRMs, in order: "number kind state owner".
std::vector<std::string> asked(const CoreSim& sim) {
  std::vector<std::string> all;
  for (const auto& effect : sim.effects) {
    const auto* task = std::get_if<TaskSyncRequested>(&effect);
    if (task == nullptr) continue;
    EXPECT_EQ(task->key, task->task + ":crm:" + std::to_string(task->number));
    all.push_back(std::to_string(task->number) + ' ' + task->kind + ' ' + task->state +
                  (task->owner.empty() || task->state != "open" ? "" : ' ' + task->owner.str()));
  }
  return all;
}

Event told(std::string effect, bool delivered, std::string ref = "") {
  return {effect + ":hubspot", EffectOutcome{std::move(effect), "hubspot", delivered,
                                             std::move(ref), delivered ? "" : "no answer"}};
}

CoreSim new_lead(const std::string& kinds, const std::string& more = "") {
  CoreSim sim(showing(kinds, more));
  sim.touch(kNow, make_touch("t1", TouchType::kContentDownload, Intent::kInformational, kNow));
  return sim;
}

CoreSim offered(const std::string& kinds) {
  CoreSim sim(showing(kinds));
  sim.touch(kNow, demo_request("t1", kNow));
  return sim;
}

FeedbackForm fit() {
  auto f = says(FeedbackKind::kTask, "f1", "max");
  f.outcome = "fit";
  return f;
}

TEST(CrmTask, NothingIsAskedForWhereThePolicySaysNothing) {
  CoreSim sim(template_policy());
  sim.touch(kNow, make_touch("t1", TouchType::kContentDownload, Intent::kInformational, kNow));
  EXPECT_THAT(asked(sim), IsEmpty());
  EXPECT_THAT(sim.lead().shown, IsEmpty());
}

TEST(CrmTask, TheTaskOfANewLeadIsAskedForOnceAndEndsWithItsAnswer) {
  auto sim = new_lead("qualify");
  EXPECT_THAT(asked(sim), ElementsAre("1 qualify open"));
  sim.touch(kNow + minutes(1),
            make_touch("t2", TouchType::kContentDownload, Intent::kInformational, kNow));
  EXPECT_THAT(asked(sim), ElementsAre("1 qualify open")) << "nothing about it has changed";
  sim.feedback(kNow + hours(1), fit());
  EXPECT_THAT(asked(sim), ElementsAre("1 qualify open", "2 qualify done"));
}

TEST(CrmTask, APersonWhoIsNotInTheCrmYetHasNoTasksThere) {
  auto sim = new_lead("qualify, handover", ", from: mql");
  EXPECT_THAT(asked(sim), IsEmpty());
  sim.feedback(kNow + hours(1), fit());
  EXPECT_EQ(asked(sim).front().substr(0, 15), "1 handover open");
}

TEST(CrmTask, AHandoverIsOneTaskThatMovesWithTheLeadAndIsDoneWhenAccepted) {
  auto sim = offered("handover");
  const auto first = sim.lead().owner;
  EXPECT_THAT(asked(sim), ElementsAre("1 handover open " + first.str()));
  auto no = says(FeedbackKind::kReject, "r1", first.str(), kNow + minutes(1));
  no.reason = "wrong_territory";
  sim.feedback(kNow + minutes(1), no);
  const auto second = sim.lead().owner;
  ASSERT_NE(first, second);
  EXPECT_THAT(asked(sim),
              ElementsAre("1 handover open " + first.str(), "2 handover open " + second.str()))
      << "it waits with the one before";
  sim.feedback(kNow + minutes(2),
               says(FeedbackKind::kAccept, "a1", second.str(), kNow + minutes(2)));
  EXPECT_THAT(asked(sim), ElementsAre("1 handover open " + first.str(),
                                      "2 handover open " + second.str(), "3 handover done"));
}

TEST(CrmTask, ATaskThatIsNoLongerNeededIsCancelled) {
  auto sim = offered("handover, connect");
  auto out = says(FeedbackKind::kDisqualify, "d1", sim.lead().owner.str(), kNow + minutes(1));
  out.reason = "spam";
  sim.feedback(kNow + minutes(1),
               says(FeedbackKind::kAccept, "a1", sim.lead().owner.str(), kNow + minutes(1)));
  sim.feedback(kNow + minutes(2), out);
  ASSERT_FALSE(is_open(sim.person.lead->stage));
  const auto all = asked(sim);
  EXPECT_EQ(all.back(), "2 connect cancelled");
}

TEST(CrmTask, AnObjectionCancelsIt) {
  auto sim = offered("handover");
  auto no = make_touch("t2", TouchType::kConsentChanged, Intent::kInformational, kNow + minutes(1));
  no.consent.push_back({"marketing", "all", false, "", ""});
  sim.touch(kNow + minutes(1), no);
  EXPECT_EQ(asked(sim).back(), "2 handover cancelled");
}

TEST(CrmTask, ItsIdOverThereIsRememberedWithTheTask) {
  auto sim = new_lead("qualify");
  const auto id = sim.lead().tasks[0].id;
  sim.event(kNow + seconds(5),
            told("task:" + id + "=" + shown_task(sim.person, id)->state, true, "9001"));
  EXPECT_EQ(shown_task(sim.person, id)->external_ids.at("hubspot"), "9001");
  EXPECT_THAT(asked(sim), ElementsAre("1 qualify open")) << "it says what it is to say";
  const auto again =
      sim.event(kNow + seconds(6),
                told("task:" + id + "=" + shown_task(sim.person, id)->state, true, "9001"));
  EXPECT_FALSE(again.changed) << "known";
}

TEST(CrmTask, AChangeDuringItsCreationRequestsAnUpdate) {
  auto sim = new_lead("qualify");
  const auto id = sim.lead().tasks[0].id;
  const auto as_made = shown_task(sim.person, id)->state;
  sim.feedback(kNow + seconds(1), fit());
  sim.event(kNow + seconds(5), told("task:" + id + "=" + as_made, true, "9001"));
  EXPECT_THAT(asked(sim), ElementsAre("1 qualify open", "2 qualify done", "3 qualify done"));
}

TEST(CrmTask, ATryWithoutAKnownEndIsRememberedUntilTheIdIsKnown) {
  auto sim = new_lead("qualify");
  const auto id = sim.lead().tasks[0].id;
  sim.event(kNow + seconds(5), told("task:" + id + "=", false));
  EXPECT_THAT(shown_task(sim.person, id)->unsure, IsEmpty())
      << "nothing was made, and that is known";
  sim.event(kNow + seconds(6), told("task:" + id + "=" + shown_task(sim.person, id)->state, false));
  EXPECT_THAT(shown_task(sim.person, id)->unsure, ElementsAre("hubspot"));
  sim.event(kNow + seconds(9),
            told("task:" + id + "=" + shown_task(sim.person, id)->state, true, "9001"));
  EXPECT_THAT(shown_task(sim.person, id)->unsure, IsEmpty());
}

TEST(CrmTask, TheDocumentKeepsIt) {
  auto sim = new_lead("qualify");
  const auto id = sim.lead().tasks[0].id;
  sim.event(kNow + seconds(5),
            told("task:" + id + "=" + shown_task(sim.person, id)->state, true, "9001"));
  const auto read = read_person(write_person(sim.person)).value();
  ASSERT_EQ(read.lead->shown.size(), 1U);
  EXPECT_EQ(read.lead->shown[0].external_ids.at("hubspot"), "9001");
  EXPECT_EQ(read.lead->shown[0].state, "open:@" + std::to_string(sim.lead().tasks[0].due_at->ms));
}

TEST(CrmTask, IsDueWhenItsPromiseIs) {
  const auto sim = offered("handover");
  const auto task = crm_task(sim.person, sim.lead().id.str() + "/handover");
  ASSERT_TRUE(task);
  EXPECT_EQ(task->due, sim.clock("accept")->due);
  EXPECT_FALSE(crm_task(sim.person, "p1.1/t99"));
  EXPECT_FALSE(crm_task(sim.person, "nobody"));
}

TEST(CrmTask, IsUpdatedWhenItsDueTimeMoves) {
  auto sim = offered("handover");
  const auto owner = sim.lead().owner;
  const auto due = sim.clock("accept")->due;
  auto wrong = says(FeedbackKind::kReject, "r1", owner.str(), kNow + minutes(1));
  wrong.reason = "data_wrong";
  sim.feedback(kNow + minutes(1), wrong);
  EXPECT_THAT(asked(sim), ElementsAre("1 handover open " + owner.str()))
      << "it stands still, and is due as it was";
  auto mended =
      make_touch("t2", TouchType::kFormSubmit, Intent::kInformational, kNow + minutes(31));
  mended.person.phone = "+4930999";
  sim.touch(kNow + minutes(31), mended);
  ASSERT_GT(sim.clock("accept")->due, due);
  EXPECT_THAT(asked(sim),
              ElementsAre("1 handover open " + owner.str(), "2 handover open " + owner.str()));
  EXPECT_EQ(crm_task(sim.person, sim.lead().id.str() + "/handover")->due, sim.clock("accept")->due);
  sim.touch(kNow + minutes(32),
            make_touch("t3", TouchType::kFormSubmit, Intent::kInformational, kNow + minutes(32)));
  EXPECT_EQ(asked(sim).size(), 2U) << "nothing more has changed";
}

}  // namespace
}  // namespace baton
