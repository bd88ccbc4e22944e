#include <gmock/gmock.h>

#include "tests/core/sim/core_sim.h"

// Reports of decisions to pools: the open work of their reps, and turns that are given back.

namespace baton {
namespace {

const Instant kMorning = at("2026-03-09T09:00:00Z");

std::vector<PoolUpdate> notes_of(const CoreSim& sim) {
  std::vector<PoolUpdate> notes;
  for (const auto& effect : sim.effects) {
    if (const auto* note = std::get_if<PoolUpdate>(&effect)) notes.push_back(*note);
  }
  return notes;
}

int credits(const CoreSim& sim) {
  int n = 0;
  for (const auto& note : notes_of(sim)) n += note.credit_to.empty() ? 0 : 1;
  return n;
}

CoreSim offered() {
  CoreSim sim(template_policy());
  sim.touch(kMorning, demo_request("t1", kMorning));
  return sim;
}

FeedbackForm rejects(const CoreSim& sim, const std::string& reason) {
  auto f = says(FeedbackKind::kReject, "f1", sim.lead().owner.str());
  f.reason = reason;
  return f;
}

TEST(PoolNotes, AnOfferIsUntouchedWorkUntilTheFirstAttempt) {
  auto sim = offered();
  const RepId rep = sim.lead().owner;
  EXPECT_EQ(sim.loads[rep].untouched(), 1);
  sim.feedback(kMorning + minutes(1), says(FeedbackKind::kAccept, "f1", rep.str()));
  EXPECT_EQ(sim.loads[rep].untouched(), 1);  // accepting is no attempt
  EXPECT_EQ(sim.pools["sales"].members[rep].accepted, 1);
  sim.feedback(kMorning + minutes(2), reached("f2", rep.str(), kMorning + minutes(2)));
  EXPECT_EQ(sim.loads[rep].untouched(), 0);
  EXPECT_EQ(sim.loads[rep].leads.size(), 1U);
  auto recycle = says(FeedbackKind::kRecycle, "f3", rep.str());
  recycle.reason = "later";
  sim.feedback(kMorning + minutes(3), recycle);
  EXPECT_TRUE(sim.loads[rep].leads.empty());
}

TEST(PoolNotes, AWrongRouteGivesTheTurnBackWithTheNextRequest) {
  auto sim = offered();
  const RepId rep = sim.lead().owner;
  sim.feedback(kMorning + minutes(1), rejects(sim, "wrong_territory"));
  EXPECT_NE(sim.lead().owner, rep);
  EXPECT_EQ(sim.pools["sales"].members[rep].count, 0);
  EXPECT_EQ(sim.pools["sales"].members[rep].rejected, 1);
  EXPECT_TRUE(sim.loads[rep].leads.empty());
  EXPECT_EQ(sim.loads[rep].in_day, 0);
  EXPECT_EQ(sim.loads[sim.lead().owner].untouched(), 1);
}

TEST(PoolNotes, WrongDataGivesTheTurnBackOnceAndTheLeadWaitsUncounted) {
  auto sim = offered();
  const RepId rep = sim.lead().owner;
  sim.feedback(kMorning + minutes(1), rejects(sim, "data_missing"));
  EXPECT_EQ(credits(sim), 1);
  EXPECT_EQ(sim.pools["sales"].members[rep].count, 0);
  EXPECT_EQ(sim.pools["sales"].members[rep].credits, 1);
  EXPECT_EQ(sim.loads[rep].untouched(), 0);  // held for marketing
  EXPECT_EQ(sim.loads[rep].leads.size(), 1U);
}

TEST(PoolNotes, NoCreditIsGivenForWhatThePoolDoesNotName) {
  auto text = template_text("routing");
  const auto place = text.find("    share_by: count");
  text.insert(place, "    credit_for: [no_show]\n");
  CoreSim sim(template_policy({{"routing", text}}));
  sim.touch(kMorning, demo_request("t1", kMorning));
  const RepId rep = sim.lead().owner;
  sim.feedback(kMorning + minutes(1), rejects(sim, "wrong_territory"));
  EXPECT_EQ(sim.pools["sales"].members[rep].count, 1);
  EXPECT_EQ(credits(sim), 0);
}

TEST(PoolNotes, AnAnswerThatComesTooLateIsReturnedOnce) {
  CoreSim sim(template_policy());
  sim.answer_requests = false;
  sim.touch(kMorning, demo_request("t1", kMorning));
  const std::string request = sim.lead().open_request;
  auto to_max =
      make_touch("c1", TouchType::kCrmOwnerChanged, Intent::kInformational, kMorning + minutes(1));
  to_max.source = "hubspot";
  to_max.properties["owner"] = "max";
  sim.touch(kMorning + minutes(1), to_max);
  ASSERT_EQ(sim.lead().owner, "max");
  for (int i = 0; i < 2; ++i)
    sim.event(kMorning + minutes(2), {request, OwnerPicked{request, "sales", "erika"_rep, {}, {}}});
  EXPECT_EQ(credits(sim), 1);
  const PoolUpdate note = notes_of(sim).back();
  EXPECT_EQ(note.credit_to, "erika");
  EXPECT_EQ(note.credit_pick, request);
  EXPECT_THAT(note.reps, testing::ElementsAre("erika"));
}

TEST(PoolNotes, ARepeatedAnswerThatWasUsedIsNotReturned) {
  auto sim = offered();
  const std::string request = "p1:1:1";
  sim.event(kMorning + minutes(2),
            {request, OwnerPicked{request, "sales", sim.lead().owner, {}, {}}});
  EXPECT_EQ(credits(sim), 0);
}

TEST(AccountOwner, TheCrmNamesTheOwnerEvenIfNoLeadIsOpen) {
  CoreSim sim(template_policy());
  const auto tell = [&](const std::string& id, const std::string& rep, Instant when) {
    auto touch = make_touch(id, TouchType::kCrmOwnerChanged, Intent::kInformational, when);
    touch.source = "hubspot";
    touch.properties["owner"] = rep;
    sim.touch(kMorning, touch);
  };
  tell("c2", "chris", kMorning - hours(1));
  tell("c1", "max", kMorning - hours(2));  // older, came later
  EXPECT_EQ(sim.person.account_owner, "chris");
  sim.touch(kMorning + minutes(1), demo_request("t1", kMorning));
  EXPECT_EQ(sim.lead().owner, "chris");
}

TEST(CatchAll, ItNotifiesItsRepOfEachLeadOnce) {
  auto text = template_text("routing");
  const auto place = text.find("catch_all: {pool: sales}");
  text.replace(place, 24, "catch_all: {pool: sales, keeper: lena}");
  const auto rule = text.find("    when: {type: [hand_raiser, transactional]}");
  text.replace(rule, 46, "    when: {type: [transactional], grade: [D4]}");
  CoreSim sim(template_policy({{"routing", text}}));
  sim.touch(kMorning, demo_request("t1", kMorning));
  EXPECT_THAT(sim.notice_keys(), testing::Contains("p1.1:catch_all:lena"));
}

}  // namespace
}  // namespace baton
