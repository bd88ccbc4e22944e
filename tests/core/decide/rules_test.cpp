// Definitions of clocks beyond the templates: places, zones, shares, resets, changes of policy.
#include <regex>

#include <gtest/gtest.h>

#include "gateway/core/sla/sla_clock.h"
#include "tests/core/sim/core_sim.h"

namespace baton {
namespace {

const Instant kNow = at("2026-03-09T09:00:00Z");  // Monday, 10:00 in Berlin

std::string replaced(std::string text, std::string_view what, std::string_view with) {
  const auto place = text.find(what);
  EXPECT_NE(place, std::string::npos) << what;
  if (place != std::string::npos) text.replace(place, what.size(), with);
  return text;
}

CoreSim with_sla(const std::string& what, const std::string& with) {
  return CoreSim(template_policy({{"sla", replaced(template_text("sla"), what, with)}}));
}

TEST(ClockRules, ASplitClockGivesTheNextOwnerWhatIsLeft) {
  auto sim = with_sla("on_reassign: keep\n    on_breach: reassign", "on_reassign: split");
  sim.touch(kNow, demo_request("t1", kNow));
  auto no = says(FeedbackKind::kReject, "r1", sim.lead().owner.str());
  no.reason = "no_capacity";
  sim.feedback(kNow + minutes(2), no);
  const auto* clock = sim.clock("first_contact");
  EXPECT_EQ(clock->generation, 2U);
  EXPECT_EQ(clock->budget, minutes(3));
  EXPECT_EQ(clock->due, kNow + minutes(5)) << "the promise to the customer is the same";
  EXPECT_EQ(clock->owner, sim.lead().owner);
}

TEST(ClockRules, TimeCountsWhereTheLeadIs) {
  const auto sla = replaced(
      replaced(template_text("sla"), "calendar: office\n",
               "calendar: office\nplaces:\n  - {countries: [US], zone: America/New_York}\n"),
      "budget: 24h ", "zone: lead\n    budget: 24h ");
  CoreSim sim(template_policy({{"sla", sla}}));
  auto touch = demo_request("t1", kNow);
  touch.person.country = "US";
  sim.touch(kNow, touch);
  EXPECT_EQ(sim.clock("first_contact")->calendar, "office@America/New_York");
  EXPECT_GT(sim.clock("first_contact")->due, at("2026-03-09T12:00:00Z"))
      << "it is night over there";
  CoreSim here(template_policy({{"sla", sla}}));
  here.touch(kNow, demo_request("t1", kNow));
  EXPECT_EQ(here.clock("first_contact")->due, kNow + minutes(5));
}

TEST(ClockRules, AnUnknownZoneIsFound) {
  std::map<std::string, YamlDocument> documents;
  Findings findings;
  for (const std::string kind : {"calendars", "lifecycle", "routing", "scoring", "sla"}) {
    const auto text = kind == "sla" ? replaced(template_text(kind), "unit: wall",
                                               "unit: working\n    zone: Europe/Berlim")
                                    : template_text(kind);
    documents.emplace(kind, parse_yaml(text, kind + ".yaml", findings));
  }
  load_policy(documents, findings);
  const auto found = std::find_if(findings.begin(), findings.end(),
                                  [](const auto& f) { return f.code == "policy.unknown_zone"; });
  ASSERT_NE(found, findings.end());
  EXPECT_GT(found->line, 0);
}

TEST(ClockRules, AResetEndsAClockAndStartsItAgain) {
  auto sim = with_sla("stop: [qualified]\n    pause: [waiting_for_lead]",
                      "stop: [qualified]\n    reset: [attempt]");
  sim.touch(kNow, demo_request("t1", kNow));
  sim.feedback(kNow + minutes(1), says(FeedbackKind::kAccept, "a1", sim.lead().owner.str()));
  auto call = called("c1", sim.lead().owner.str(), kNow + hours(2));
  call.kind = FeedbackKind::kAttempt;
  call.outcome = "no_answer";
  sim.feedback(kNow + hours(2), call);
  EXPECT_EQ(sim.clock("qualify")->generation, 2U);
  EXPECT_EQ(sim.clock("qualify")->started_at, kNow + hours(2));
}

TEST(ClockRules, AClockMayBeForSomeLeadsOnly) {
  auto sim =
      with_sla("start: mql\n    stop: [attempt, reached]",
               "start: mql\n    when: {type: [transactional]}\n    stop: [attempt, reached]");
  sim.touch(kNow, demo_request("t1", kNow));
  EXPECT_EQ(sim.clock("first_contact"), nullptr);
}

// The template's example, without its comment marks.
std::string with_catch_all_clock(std::string_view when = "{rule: [catch_all]}") {
  auto text = template_text("sla");
  const auto from = text.find("  # catch_all:"), to = text.find("\n\n", from);
  auto block = std::regex_replace(text.substr(from, to - from), std::regex("  # "), "  ");
  block = std::regex_replace(block, std::regex("when: \\{.*\\}.*"), "when: " + std::string(when));
  return text.replace(from, to - from, block);
}

TEST(ClockRules, ALeadThatMatchesNoRuleHasItsOwnPromise) {
  CoreSim wanted(template_policy({{"sla", with_catch_all_clock()}}));
  wanted.touch(kNow, demo_request("t1", kNow));
  EXPECT_EQ(wanted.lead().route_rule, "asked_for_contact");
  EXPECT_EQ(wanted.clock("catch_all"), nullptr);
  CoreSim stray(template_policy(
      {{"sla", with_catch_all_clock()},
       {"routing", replaced(template_text("routing"), "type: [hand_raiser, transactional]",
                            "country: [XK]")}}));
  stray.touch(kNow, demo_request("t1", kNow));
  EXPECT_EQ(stray.lead().route_rule, "catch_all");
  ASSERT_NE(stray.clock("catch_all"), nullptr);
  EXPECT_EQ(stray.clock("catch_all")->started_at, kNow);
  stray.feedback(kNow + minutes(2), reached("f1", stray.lead().owner.str(), kNow + minutes(2)));
  EXPECT_EQ(stray.clock("catch_all")->state, ClockState::kStopped);
}

TEST(ClockRules, APromiseForAPoolStartsWithTheMql) {
  CoreSim sim(template_policy({{"sla", with_catch_all_clock("{pool: [sales]}")}}));
  sim.touch(kNow, demo_request("t1", kNow));
  ASSERT_NE(sim.clock("catch_all"), nullptr);
  EXPECT_EQ(sim.clock("catch_all")->owner, sim.lead().owner);
  EXPECT_EQ(sim.count("clock.started.catch_all"), 1);
  EXPECT_EQ(sim.count("clock.started.first_contact"), 1) << "nothing starts twice";
}

TEST(ClockRules, APoolOrRuleThatIsNotThereIsAMistake) {
  for (const auto& [when, code] : {std::pair("{pool: [sale]}", "policy.unknown_pool"),
                                   std::pair("{rule: [catchall]}", "policy.unknown_rule")}) {
    Findings findings;
    std::map<std::string, YamlDocument> documents;
    for (const std::string kind : {"calendars", "lifecycle", "routing", "scoring", "sla"})
      documents.emplace(kind,
                        parse_yaml(kind == "sla" ? with_catch_all_clock(when) : template_text(kind),
                                   kind + ".yaml", findings));
    EXPECT_EQ(load_policy(documents, findings), nullptr);
    ASSERT_FALSE(findings.empty());
    EXPECT_EQ(findings.back().code, code);
    EXPECT_GT(findings.back().line, 0);
  }
}

// A policy that knows the rules before it, as the engine loads it.
std::shared_ptr<const Policy> changed(const std::string& mode,
                                      const std::shared_ptr<const Policy>& before) {
  std::map<std::string, YamlDocument> documents;
  Findings findings;
  for (const std::string kind : {"calendars", "lifecycle", "routing", "scoring", "sla"}) {
    auto text = template_text(kind);
    if (kind == "sla")
      text = replaced(replaced(text, "on_change: new_only", "on_change: " + mode), "budget: 80h",
                      "budget: 40h");
    documents.emplace(kind, parse_yaml(text, kind + ".yaml", findings));
  }
  return load_policy(documents, findings,
                     {{before->rules, before->sla, {before, &before->calendars}}});
}

class PolicyChange : public ::testing::Test {
 protected:
  PolicyChange() : sim_(template_policy()) {
    sim_.touch(kNow, demo_request("t1", kNow));
    sim_.feedback(kNow, says(FeedbackKind::kAccept, "a1", sim_.lead().owner.str()));
    before_ = sim_.clock("qualify")->due;
  }
  const ClockInstance& after(const std::string& mode) {
    sim_.run_until(kNow + days(2));
    sim_.policy = changed(mode, sim_.policy);
    sim_.event(kNow + days(2), Event{"p1", PolicyChanged{sim_.policy->rules}});
    return *sim_.clock("qualify");
  }
  CoreSim sim_;
  Instant before_;
};

TEST_F(PolicyChange, ForNewOnesLeavesRunningClocksAlone) {
  EXPECT_EQ(after("new_only").due, before_);
  EXPECT_EQ(sim_.count("clock.retimed.qualify"), 0);
}

TEST_F(PolicyChange, FromNowKeepsWhatHasCounted) {
  const auto& clock = after("from_now");
  EXPECT_EQ(clock.budget, hours(40));
  EXPECT_LT(clock.due, before_);
  EXPECT_EQ(clock.carried, hours(16)) << "two office days";
  EXPECT_EQ(sim_.count("clock.retimed.qualify"), 1);
  EXPECT_EQ(sim_.timers.at("qualify#1"), *clock.next);
}

TEST_F(PolicyChange, RetroactiveCountsAgainFromTheStart) {
  const auto& clock = after("retroactive");
  EXPECT_EQ(clock.due, at("2026-03-16T09:00:00Z"));
  EXPECT_FALSE(clock.carried_until);
}

TEST_F(PolicyChange, IsAppliedOnce) {
  after("from_now");
  EXPECT_FALSE(sim_.event(kNow + days(2), Event{"p2", PolicyChanged{sim_.policy->rules}}).changed);
}

}  // namespace
}  // namespace baton
