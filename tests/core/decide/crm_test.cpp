#include <gtest/gtest.h>

#include "mapping/json/json.h"
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

Touch crm(std::string id, TouchType type, json::object properties = {}) {
  Touch touch;
  touch.id = std::move(id);
  touch.source = "hubspot";
  touch.type = type;
  touch.at = kLater;
  touch.properties = std::move(properties);
  return touch;
}

TEST(DecideCrm, AcceptedInTheCrmIsAccepted) {
  auto sim = offered();
  sim.touch(kLater, crm("c1", TouchType::kCrmAccepted));
  EXPECT_EQ(sim.lead().stage, Stage::kSal);
  EXPECT_FALSE(sim.touch(kLater, crm("c1", TouchType::kCrmAccepted)).changed);
}

TEST(DecideCrm, AStageSetForwardIsTakenOverWithImpliedStamps) {
  auto sim = offered();
  sim.touch(kLater, crm("c1", TouchType::kCrmStageChanged, {{"stage", "opportunity"}}));
  EXPECT_EQ(sim.lead().stage, Stage::kOpportunity);
  EXPECT_EQ(sim.lead().stages.size(), 5U);
}

TEST(DecideCrm, OurOwnStageComingBackIsAnEcho) {
  auto sim = offered();
  EXPECT_FALSE(
      sim.touch(kLater, crm("c1", TouchType::kCrmStageChanged, {{"stage", "mql"}})).changed);
}

TEST(DecideCrm, AStageSetBackIsRefusedWithAReason) {
  auto sim = offered();
  sim.touch(kLater, crm("c1", TouchType::kCrmAccepted));
  sim.touch(kLater, crm("c2", TouchType::kCrmStageChanged, {{"stage", "lead"}}));
  EXPECT_EQ(sim.lead().stage, Stage::kSal);
  EXPECT_EQ(sim.count("stage.refused"), 1);
}

TEST(DecideCrm, AFieldThatSaysContactedStopsNothingWithoutAnId) {
  auto sim = offered();
  sim.touch(kLater, crm("c1", TouchType::kCrmContacted, {{"channel", "phone"}}));
  EXPECT_EQ(sim.clock("first_contact")->state, ClockState::kRunning);
  sim.touch(kLater,
            crm("c2", TouchType::kCrmContacted, {{"channel", "phone"}, {"evidence", "call-9"}}));
  EXPECT_EQ(sim.clock("first_contact")->stopped_by, "call-9");
  EXPECT_EQ(sim.lead().stage, Stage::kSal);
}

TEST(DecideCrm, AReasonInTheCrmsOwnWordsBecomesOther) {
  auto sim = offered();
  sim.touch(kLater, crm("c1", TouchType::kCrmLost, {{"reason", "They liked the other colour"}}));
  EXPECT_EQ(sim.lead().stage, Stage::kLost);
  EXPECT_EQ(sim.lead().reason, "other");
}

TEST(DecideCrm, LostWithoutAReasonCountsAndTheReasonIsOwed) {
  auto sim = offered();
  sim.touch(kLater, crm("c1", TouchType::kCrmLost));
  EXPECT_EQ(sim.lead().stage, Stage::kLost);
  EXPECT_TRUE(owes_reason(sim.lead()));
  sim.touch(kLater + hours(1), crm("c2", TouchType::kCrmLost, {{"reason", "price"}}));
  EXPECT_FALSE(sim.lead().hold);
  EXPECT_EQ(sim.lead().reason, "price");
  EXPECT_EQ(sim.count("reason.given"), 1);
}

TEST(DecideCrm, AHumanWhoGivesTheLeadAwayInTheCrmIsObeyed) {
  auto sim = offered();
  const auto first = sim.lead().owner;
  const std::string second = first == "max" ? "chris" : "max";
  sim.touch(kLater,
            crm("c1", TouchType::kCrmOwnerChanged, {{"owner", second + ".nobody@example.com"}}));
  EXPECT_EQ(sim.lead().owner, first);
  sim.touch(kLater, crm("c2", TouchType::kCrmOwnerChanged, {{"owner", second}}));
  EXPECT_EQ(sim.lead().owner, second);
  EXPECT_EQ(sim.lead().handovers.front().state, HandoverState::kSuperseded);
  EXPECT_EQ(sim.clock("accept")->generation, 2U);
  EXPECT_EQ(sim.clock("first_contact")->generation, 1U);
}

}  // namespace
}  // namespace baton
