#include "gateway/core/explain/explain.h"
#include "gateway/core/explain/explain_tree.h"

#include <regex>

#include <gtest/gtest.h>

#include "gateway/core/explain/clock_label.h"
#include "mapping/json/json.h"
#include "tests/core/sim/core_sim.h"

namespace baton {
namespace {

const Instant kNow = at("2026-03-09T09:00:00Z");

CoreSim story() {
  CoreSim sim(template_policy());
  sim.touch(kNow, demo_request("t1", kNow));
  sim.run_until(kNow + minutes(11));
  sim.feedback(kNow + minutes(12), reached("f1", sim.lead().owner.str(), kNow + minutes(12)));
  auto lost = says(FeedbackKind::kStage, "f2", "");
  lost.stage = "lost";
  lost.reason = "price";
  sim.feedback(kNow + minutes(13), lost);
  return sim;
}

TEST(Explain, EveryReasonOfAStoryIsASentenceInBothLanguages) {
  const auto sim = story();
  for (const auto& record : sim.log) {
    for (const auto& reason : record.reasons) {
      EXPECT_NE(texts_in("en")->find({"sentence.", reason.code}), nullptr) << reason.code;
      const auto text = explain_reason(reason, texts_in("de"));
      EXPECT_EQ(text.find('{'), std::string::npos) << text;
      EXPECT_EQ(text.find('['), std::string::npos) << text;
    }
  }
}

TEST(Explain, ASentenceNamesRuleTimeAndPoints) {
  const Reason points{
      "score.rule", "scoring.rules.demo", {{"axis", "engagement"}, {"points", 12'500}, {"cut", 0}}};
  EXPECT_EQ(explain_reason(points, texts_in("en")), "12.5 points for engagement by rule \"demo\"");
  EXPECT_EQ(explain_reason(points, texts_in("de")), "12,5 Punkte für Aktivität nach Regel „demo“");
  const Reason entered{"stage.entered", "T6", {{"stage", "sal"}, {"implied", true}}};
  EXPECT_EQ(explain_reason(entered, texts_in("en")), "therefore also SAL");
}

TEST(Explain, ACodeWithoutASentenceHidesNothing) {
  EXPECT_EQ(explain_reason({"moon.phase", "x.y", {{"full", 1}}}, texts_in("en")),
            "moon.phase (x.y): full 1");
}

TEST(Explain, TheTreeAnswersWhatAGoodColleagueWould) {
  const auto sim = story();
  const auto tree = explain_tree(sim.person, sim.log, texts_in("en"));
  for (const std::string part :
       {"Erika Beispiel (Beispiel GmbH): lost", "Why sales got it", "wants contact", "Why this rep",
        "picked", "Clocks", "7 min late", "Handovers", "expired", "What happened", "lost: Price"}) {
    EXPECT_NE(tree.find(part), std::string::npos) << part << "\n" << tree;
  }
  const auto german = explain_tree(sim.person, sim.log, texts_in("de"));
  for (const std::string part :
       {"Warum der Vertrieb den Lead bekam", "Kontaktwunsch", "verloren: Preis"})
    EXPECT_NE(german.find(part), std::string::npos) << part << "\n" << german;
}

TEST(Explain, AColleagueTellsLocalTimesAndNames) {
  const auto sim = story();
  NarrationStyle how(texts_in("de"));
  how.zone = "Europe/Berlin";
  how.name = [](std::string_view id) { return "Name von " + std::string(id); };
  const auto tree = explain_tree(sim.person, sim.log, how);
  EXPECT_NE(tree.find("fällig 10:05"), std::string::npos) << tree;
  EXPECT_NE(tree.find("Name von "), std::string::npos) << tree;
  EXPECT_EQ(tree.find("UTC"), std::string::npos) << tree;
}

TEST(Explain, ShowsTheNoteOfARep) {
  auto sim = story();
  auto later = says(FeedbackKind::kSnooze, "s9", sim.lead().owner.str());
  later.note = "at their\noffice";
  sim.feedback(kNow + hours(3), later);
  EXPECT_NE(explain_tree(sim.person, sim.log, texts_in("en")).find("note: \"at their office\"\n"),
            std::string::npos);
  EXPECT_NE(
      explain_tree(sim.person, sim.log, texts_in("de")).find("Anmerkung: „at their office“\n"),
      std::string::npos);
}

TEST(Explain, CallsAClockAsThePolicyDoes) {
  const auto policy = template_policy(
      {{"sla", std::regex_replace(template_text("sla"),
                                  std::regex("label: \\{en: first contact, de: Erstkontakt\\}"),
                                  "label: {en: say hello, de: Hallo sagen}")}});
  EXPECT_EQ(clock_label(*policy->sla, "first_contact", *texts_in("de")), "Hallo sagen");
  EXPECT_EQ(clock_label(*policy->sla, "gone_by_now", *texts_in("de")), "gone by now");
  EXPECT_EQ(clock_label(SlaPolicy{}, "first_contact", *texts_in("en")), "first contact")
      << "a clock that the policy knows no more";
  NarrationStyle how(texts_in("de"));
  const Reason warned{
      "clock.warned",
      {},
      {{"clock", "first_contact"}, {"percent", 75}, {"due", "2026-03-03T09:05:00Z"}}};
  EXPECT_EQ(explain_reason(warned, how).substr(0, 18), "Frist Erstkontakt:");
  how.clock = [&](std::string_view clock) {
    return clock_label(*policy->sla, clock, *texts_in("de"));
  };
  EXPECT_NE(explain_reason(warned, how).find("Frist „Hallo sagen“: 75 %"), std::string::npos)
      << explain_reason(warned, how);
}

TEST(NarrationStyle, SaysMomentsAndSpansAsPeopleDo) {
  NarrationStyle how(texts_in("en"));
  EXPECT_EQ(how.moment(at("2026-07-01T10:00:07Z")), "2026-07-01 10:00:07 UTC");
  how.zone = "Europe/Berlin";
  EXPECT_EQ(how.moment(at("2026-07-01T10:00:07Z")), "Wed 1 Jul 2026, 12:00:07");
  EXPECT_EQ(how.moment(at("2026-12-31T23:30:00Z")), "Fri 1 Jan 2027, 00:30");
  how.texts = texts_in("de");
  EXPECT_EQ(how.moment(at("2026-03-02T08:15:00Z")), "Mo., 2. März 2026, 09:15");
  EXPECT_EQ(how.on(at("2026-03-02T08:15:00Z")), "am Mo., 2. März 2026, 09:15");
  how.said = at("2026-03-02T07:00:00Z");
  EXPECT_EQ(how.on(at("2026-03-02T08:15:00Z")), "um 09:15");
  EXPECT_EQ(how.on(at("2026-03-02T23:15:00Z")), "am Di., 3. März 2026, 00:15");
  // As clocks are put back, an hour comes twice.
  EXPECT_EQ(how.on(at("2026-10-25T00:29:00Z")), "am So., 25. Oktober 2026, 02:29 (zum ersten Mal)");
  EXPECT_EQ(how.on(at("2026-10-25T01:29:00Z")),
            "am So., 25. Oktober 2026, 02:29 (zum zweiten Mal)");
  EXPECT_EQ(how.on(at("2026-10-25T02:00:00Z")), "am So., 25. Oktober 2026, 03:00");
  how = texts_in("en");
  EXPECT_EQ(how.span(hours(24)), "24 h");
  EXPECT_EQ(how.span(minutes(125)), "2 h 5 min");
  EXPECT_EQ(how.span(Duration{1'239}), "1.2 s");
  EXPECT_EQ(NarrationStyle(texts_in("de")).span(Duration{40'000}), "40 Sek.");
}

TEST(Explain, ASealedRecordStillExplainsItself) {
  const auto sim = story();
  std::vector<DecisionRecord> erased;
  for (const auto& record : sim.written) {
    const auto read = read_record(record.plain, {});
    ASSERT_TRUE(read);
    erased.push_back(*read);
    EXPECT_EQ(record.plain.find("beispiel"), std::string::npos);
  }
  EXPECT_NE(explain_tree(sim.person, erased, texts_in("en")).find("picked"), std::string::npos);
}

TEST(Explain, LanguagesAreReadFromTags) {
  EXPECT_EQ(texts_in("de-AT"), texts_in("de"));
  EXPECT_EQ(texts_in("en"), texts_in("en"));
  EXPECT_EQ(texts_in(""), texts_in("en"));
}

}  // namespace
}  // namespace baton
