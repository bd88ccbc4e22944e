#include <regex>

#include <gtest/gtest.h>

#include "gateway/core/model/lead_hold.h"
#include "mapping/json/json.h"
#include "tests/core/sim/core_sim.h"

// Waiting for a confirmed address (T1 to T3), cooling down (T16), owed reasons, and the way back
// for the disqualified (T18).

namespace baton {
namespace {

const Instant kNow = at("2026-03-09T09:00:00Z");

CoreSim signed_up() {
  auto text = template_text("lifecycle");
  text.replace(text.find("types: []"), 9, "types: [newsletter_subscribe]");
  CoreSim sim(template_policy({{"lifecycle", text}}));
  sim.touch(kNow, make_touch("t1", TouchType::kNewsletterSubscribe, Intent::kInformational, kNow));
  return sim;
}

std::string why_refused(const Decision& decision) {
  for (const auto& reason : decision.reasons.read()) {
    if (reason.code == "stage.refused")
      return std::string(reason.facts.at("why").as_string().c_str());
  }
  return {};
}

TEST(OptIn, ASignUpWaitsAndMakesNoWork) {
  const auto sim = signed_up();
  EXPECT_EQ(sim.lead().stage, Stage::kCaptured);
  EXPECT_TRUE(sim.lead().tasks.empty());
  EXPECT_EQ(sim.timers.at("opt_in"), kNow + days(14));
  for (const auto& effect : sim.effects)
    EXPECT_FALSE(std::holds_alternative<PushRequested>(effect));
}

TEST(OptIn, AConfirmedAddressMakesALead) {
  auto sim = signed_up();
  auto touch =
      make_touch("t2", TouchType::kConsentChanged, Intent::kInformational, kNow + hours(1));
  touch.consent.push_back({"marketing", "email", true, "express", "v1"});
  sim.touch(kNow + hours(1), touch);
  EXPECT_EQ(sim.lead().stage, Stage::kLead);
  EXPECT_EQ(sim.lead().stages.back().rule, "T2");
  EXPECT_EQ(sim.timers.count("opt_in"), 0U);
  EXPECT_EQ(sim.lead().tasks.size(), 1U);
}

TEST(OptIn, APersonWhoAsksForContactIsReal) {
  auto sim = signed_up();
  sim.touch(kNow + hours(1), demo_request("t2", kNow + hours(1)));
  EXPECT_EQ(sim.lead().stage, Stage::kMql);
  EXPECT_EQ(sim.lead().cycle, 1);
}

TEST(OptIn, WithoutAConfirmationThePersonIsForgotten) {
  auto sim = signed_up();
  sim.run_until(kNow + days(14));
  EXPECT_EQ(sim.lead().stage, Stage::kErased);
  EXPECT_EQ(sim.lead().stages.back().rule, "T3");
  EXPECT_TRUE(is_empty(sim.person.profile));
  EXPECT_TRUE(sim.person.provenance.empty());
  EXPECT_EQ(write_person(sim.person).find("beispiel"), std::string::npos);
  sim.touch(kNow + days(20), demo_request("t2", kNow + days(20)));
  EXPECT_EQ(sim.lead().stage, Stage::kMql);
  EXPECT_EQ(sim.lead().cycle, 2);
}

CoreSim lost(std::string reason) {
  CoreSim sim(template_policy());
  sim.touch(kNow, demo_request("t1", kNow));
  auto touch = make_touch("c1", TouchType::kCrmLost, Intent::kInformational, kNow + hours(1));
  touch.source = "hubspot";
  if (!reason.empty()) touch.properties["reason"] = std::move(reason);
  sim.touch(kNow + hours(1), touch);
  return sim;
}

TEST(CoolDown, ALostLeadGoesToNurtureByItsOwnTimer) {
  auto sim = lost("price");
  EXPECT_EQ(sim.lead().stage, Stage::kLost);
  sim.run_until(kNow + hours(1) + days(90));
  EXPECT_EQ(sim.lead().stage, Stage::kNurture);
  EXPECT_EQ(sim.lead().stages.back().rule, "T16");
}

TEST(CoolDown, APersonWhoObjectedMeanwhileIsLeftAlone) {
  auto sim = lost("price");
  auto touch = make_touch("t2", TouchType::kConsentChanged, Intent::kInformational, kNow + days(2));
  touch.consent.push_back({"marketing", "all", false, "", ""});
  sim.touch(kNow + days(2), touch);
  sim.run_until(kNow + days(100));
  EXPECT_EQ(sim.lead().stage, Stage::kLost);
}

TEST(OwedReason, StartsItsClockAndIsPaidByHand) {
  CoreSim sim(template_policy());
  sim.touch(kNow, demo_request("t1", kNow));
  auto touch = make_touch("c1", TouchType::kCrmLost, Intent::kInformational, kNow + hours(1));
  touch.source = "hubspot";
  sim.touch(kNow + hours(1), touch);
  ASSERT_NE(sim.clock("feedback"), nullptr);
  EXPECT_EQ(sim.clock("feedback")->state, ClockState::kRunning);
  auto said = says(FeedbackKind::kReason, "f1", "");
  said.reason = "moon";
  EXPECT_EQ(why_refused(sim.feedback(kNow + hours(2), said)), "reason_unknown");
  said.id = "f2";
  said.reason = "price";
  sim.feedback(kNow + hours(2), said);
  EXPECT_EQ(sim.clock("feedback")->state, ClockState::kStopped);
  EXPECT_EQ(sim.lead().reason, "price");
}

CoreSim ruled_out() {
  CoreSim sim(template_policy());
  sim.touch(kNow, demo_request("t1", kNow));
  auto said = says(FeedbackKind::kDisqualify, "f1", sim.lead().owner.str());
  said.reason = "competitor";
  sim.feedback(kNow, said);
  return sim;
}

FeedbackForm back(std::string id, std::string rep) {
  auto said = says(FeedbackKind::kReopen, std::move(id), std::move(rep));
  said.reason = "mistaken_identity";
  return said;
}

TEST(Reopen, NeedsTwoPeople) {
  auto sim = ruled_out();
  sim.feedback(kNow + hours(1), back("f2", "max"));
  EXPECT_EQ(sim.lead().stage, Stage::kDisqualified);
  EXPECT_EQ(why_refused(sim.feedback(kNow + hours(2), back("f3", "max"))), "second_person");
  sim.feedback(kNow + hours(3), back("f4", "lena"));
  EXPECT_EQ(sim.lead().stage, Stage::kLead);
  EXPECT_EQ(sim.lead().stages.back().rule, "T18");
  EXPECT_FALSE(sim.lead().hold);
  EXPECT_EQ(sim.lead().tasks.back().kind, TaskKind::kQualify);
}

TEST(Reopen, OneAloneSufficesWhereThePolicySaysSo) {
  auto text = template_text("lifecycle");
  CoreSim sim(
      template_policy({{"lifecycle", std::regex_replace(text, std::regex("second_person: true"),
                                                        "second_person: false")}}));
  sim.touch(kNow, demo_request("t1", kNow));
  auto said = says(FeedbackKind::kDisqualify, "f1", sim.lead().owner.str());
  said.reason = "competitor";
  sim.feedback(kNow, said);
  sim.feedback(kNow + hours(1), back("f2", "max"));
  EXPECT_EQ(sim.lead().stage, Stage::kLead);
  for (const auto& notice : sim.notices_of(NoticeKind::kTask))
    EXPECT_EQ(baton::text(notice.data, "task_kind"), "qualify") << "nobody has asked";
}

std::vector<Notice> asked_of(const CoreSim& sim, std::string_view kind) {
  auto all = sim.notices_of(NoticeKind::kTask);
  std::erase_if(all, [&](const Notice& n) { return text(n.data, "task_kind") != kind; });
  return all;
}

TEST(Reopen, TheSecondPersonIsAsked) {
  auto sim = ruled_out();
  sim.feedback(kNow + hours(1), back("f2", "max"));
  const auto asked = asked_of(sim, "reopen");
  ASSERT_EQ(asked.size(), 1U);
  EXPECT_EQ(asked.front().recipient, "lena");
  EXPECT_EQ(text(asked.front().data, "asked_by"), "max");
  EXPECT_EQ(text(asked.front().data, "asked_reason"), "mistaken_identity");
  const auto waiting = reopen_asked(sim.lead());
  ASSERT_TRUE(waiting);
  EXPECT_EQ(waiting->rep, "max");
  EXPECT_EQ(waiting->why, "mistaken_identity");
}

TEST(Reopen, ATeamLeadWhoAsksNeedsAnotherPerson) {
  auto alone = ruled_out();
  alone.feedback(kNow + hours(1), back("f2", "lena"));  // leads the only team there is
  EXPECT_TRUE(asked_of(alone, "reopen").empty());
  EXPECT_EQ(alone.lead().stage, Stage::kDisqualified);
  CoreSim sim(template_policy(
      {{"routing", std::regex_replace(template_text("routing"), std::regex("    lead: lena"),
                                      "    lead: lena\n    head: erika")}}));
  sim.touch(kNow, demo_request("t1", kNow));
  auto said = says(FeedbackKind::kDisqualify, "f1", sim.lead().owner.str());
  said.reason = "competitor";
  sim.feedback(kNow, said);
  sim.feedback(kNow + hours(1), back("f2", "lena"));
  ASSERT_EQ(asked_of(sim, "reopen").size(), 1U);
  EXPECT_EQ(asked_of(sim, "reopen").front().recipient, "erika");
}

TEST(Reopen, TheSecondPersonMaySayNo) {
  auto sim = ruled_out();
  auto no = back("f3", "lena");
  no.outcome = "declined";
  EXPECT_EQ(why_refused(sim.feedback(kNow + hours(1), no)), "not_asked");
  sim.feedback(kNow + hours(1), back("f2", "max"));
  no.id = "f4";
  sim.feedback(kNow + hours(2), no);
  EXPECT_EQ(sim.count("reopen.declined"), 1);
  EXPECT_EQ(sim.lead().stage, Stage::kDisqualified);
  EXPECT_FALSE(sim.lead().hold);
  EXPECT_TRUE(asked_of(sim, "comes_back").empty());
  const auto told = asked_of(sim, "stays_out");
  ASSERT_EQ(told.size(), 1U);
  EXPECT_EQ(told.front().recipient, "max");
  EXPECT_EQ(why_refused(sim.feedback(kNow + hours(3),
                                     [&] {
                                       no.id = "f5";
                                       return no;
                                     }())),
            "not_asked");
}

TEST(Reopen, TheFirstPersonIsNotifiedThatTheSecondAgreed) {
  auto sim = ruled_out();
  sim.feedback(kNow + hours(1), back("f2", "max"));
  sim.feedback(kNow + hours(2), back("f3", "lena"));
  const auto told = asked_of(sim, "comes_back");
  ASSERT_EQ(told.size(), 1U);
  EXPECT_EQ(told.front().recipient, "max");
  EXPECT_EQ(text(told.front().data, "answered_by"), "lena");
  EXPECT_TRUE(asked_of(sim, "stays_out").empty());
}

TEST(Reopen, NeedsAKnownRepAndAReason) {
  auto sim = ruled_out();
  EXPECT_EQ(why_refused(sim.feedback(kNow, back("f2", "stranger"))), "unknown_rep");
  auto said = back("f3", "max");
  said.reason.clear();
  EXPECT_EQ(why_refused(sim.feedback(kNow, said)), "reason_missing");
}

}  // namespace
}  // namespace baton
