#include "gateway/core/scoring/score.h"
#include "gateway/core/scoring/scoring_load.h"

#include <fmt/format.h>
#include <fstream>

#include "gateway/core/scoring/score_decay.h"
#include "gateway/core/scoring/score_json.h"
#include "mapping/json/json.h"
#include "score_support.h"
#include "tests/support/source_dir.h"

namespace baton {
namespace {

using score_test::day;
using score_test::engagement;
using score_test::person;
using score_test::policy_of;
using score_test::touch;

std::int64_t points(const PersonState& p, const std::shared_ptr<const ScoringPolicy>& policy,
                    Instant now) {
  return score(p, *policy, now).snapshot.engagement;
}

TEST(Decay, HalvesEveryHalfLifeAndNeverGrows) {
  const HalfLife half(days(14));
  EXPECT_EQ(half.apply(60'000, 0), 60'000);
  EXPECT_NEAR(static_cast<double>(half.apply(60'000, days(14).ms)), 30'000, 1);
  EXPECT_NEAR(static_cast<double>(half.apply(60'000, days(7).ms)), 42'426, 1);
  EXPECT_NEAR(static_cast<double>(half.apply(-60'000, days(28).ms)), -15'000, 1);
  EXPECT_EQ(half.apply(60'000, days(3'653).ms), 0);
  std::int64_t before = INT32_MAX;
  for (std::int64_t age = 0; age < days(60).ms; age += 333'333) {
    const std::int64_t now = half.apply(100'000'000, age);
    ASSERT_LE(now, before) << age;
    before = now;
  }
}

TEST(Score, AddsPointsByTouchTypeAndRecordsEachLine) {
  const auto policy =
      engagement("  rules:\n    - {name: demo, on: demo_request, points: 60, half_life: 14d}\n");
  const auto result =
      score(person({touch("web:1", TouchType::kDemoRequest, day(0))}), *policy, day(14));
  EXPECT_EQ(result.snapshot.engagement, 30'000);
  EXPECT_EQ(result.snapshot.grade, "D2");
  ASSERT_EQ(result.lines.size(), 1U);
  EXPECT_EQ(result.lines[0].rule, "demo");
  EXPECT_EQ(result.lines[0].touch, "web:1");
  EXPECT_EQ(result.lines[0].axis, "engagement");
  EXPECT_EQ(why(result.lines[0]), "60 points, decayed to 30");
}
TEST(Score, AWindowIsHalfOpen) {
  const auto policy = engagement(
      "  rules:\n    - {name: news, on: newsletter_subscribe, points: 5, window: 90d}\n");
  const auto p = person({touch("a", TouchType::kNewsletterSubscribe, day(0))});
  EXPECT_EQ(points(p, policy, day(90) - milliseconds(1)), 5'000);
  EXPECT_EQ(points(p, policy, day(90)), 0);
}
TEST(Score, CountsOnceAndUsesTheNewestTouch) {
  const auto p = person({touch("a", TouchType::kContentDownload, day(0), "guide"),
                         touch("b", TouchType::kContentDownload, day(1), "guide"),
                         touch("c", TouchType::kContentDownload, day(1), "price list")});
  const auto rule = [](const char* once) {
    return engagement(fmt::format(
        "  rules:\n    - {{name: d, on: content_download, points: 10, once: {}}}\n", once));
  };
  EXPECT_EQ(points(p, rule("unlimited"), day(2)), 30'000);
  EXPECT_EQ(points(p, rule("per_asset"), day(2)), 20'000);
  EXPECT_EQ(points(p, rule("per_day"), day(2)), 20'000);
  EXPECT_EQ(points(p, rule("ever"), day(2)), 10'000);
  EXPECT_EQ(score(p, *rule("ever"), day(2)).lines[0].touch, "c");
}
TEST(Score, CapsByDayGroupAndAxisAndTheLinesAddUp) {
  const auto policy = engagement(
      "  cap: 25\n  groups: {mail: {cap: 12}}\n  rules:\n"
      "    - {name: click, on: email_click, points: 5, cap_per_day: 8, group: mail}\n"
      "    - {name: demo, on: demo_request, points: 20}\n");
  const auto p = person(
      {touch("a", TouchType::kEmailClick, day(0)), touch("b", TouchType::kEmailClick, day(0)),
       touch("c", TouchType::kEmailClick, day(1)), touch("d", TouchType::kDemoRequest, day(1))});
  const auto result = score(p, *policy, day(2));
  EXPECT_EQ(result.snapshot.engagement, 25'000);
  std::int64_t sum = 0;
  for (const auto& line : result.lines) {
    sum += line.points;
    EXPECT_EQ(line.points + line.cut, line.decayed);
  }
  EXPECT_EQ(sum, 25'000);
  EXPECT_EQ(result.lines[0].rule, "demo");
  EXPECT_EQ(result.lines[0].points, 13'000);
}
TEST(Score, NeverDeductsMorePointsThanThereAre) {
  const auto policy = engagement(
      "  rules:\n    - {name: out, on: email_unsubscribe, points: -30}\n    - {name: open, on: "
      "email_open, points: 10}\n");
  const auto p = person({touch("a", TouchType::kEmailOpen, day(0)),
                         touch("b", TouchType::kEmailUnsubscribe, day(1))});
  EXPECT_EQ(points(p, policy, day(2)), 0);
}
TEST(Score, CombinedConditionsHoldOnlyTogether) {
  const auto policy = engagement(
      "  combined:\n    - name: hot\n      points: 40\n      all:\n"
      "        - {on: email_click, count_more_than: 2}\n"
      "        - {on: product_page_view, window: 3d, dwell: max, longer_than: 60s}\n");
  auto p = person({touch("a", TouchType::kEmailClick, day(0)),
                   touch("b", TouchType::kEmailClick, day(1)),
                   touch("c", TouchType::kProductPageView, day(20), "", 40),
                   touch("d", TouchType::kProductPageView, day(20), "", 40)});
  EXPECT_EQ(points(p, policy, day(21)), 0);
  p.touches.push_back(touch("e", TouchType::kEmailClick, day(2)));
  EXPECT_EQ(points(p, policy, day(21)), 0);  // no single visit was longer than a minute
  p.touches.push_back(touch("f", TouchType::kProductPageView, day(20), "", 61));
  EXPECT_EQ(points(p, policy, day(21)), 40'000);
  EXPECT_EQ(points(p, policy, day(23)), 0);
  EXPECT_EQ(score(p, *policy, day(21)).snapshot.next_crossing, day(23));
}
TEST(Score, DaySumsCountIfTheRuleTestsNoDetail) {
  const auto policy = engagement(
      "  rules:\n    - {name: open, on: email_open, points: 1}\n"
      "    - {name: some, on: email_open, where: {asset: \"spring*\"}, points: 7}\n"
      "  combined:\n    - {name: many, points: 10, all: [{on: email_open, count_more_than: 3}]}\n");
  auto p = person({touch("x", TouchType::kEmailOpen, day(40), "spring-2")});
  p.sums = {{20'454, TouchType::kEmailOpen, 3}};
  const auto result = score(p, *policy, day(50));
  EXPECT_EQ(result.snapshot.engagement, 21'000);
  EXPECT_TRUE(std::any_of(result.lines.begin(), result.lines.end(), [](const ScoreLine& l) {
    return l.touch == "day:2026-01-01:email_open" && l.points == 3'000;
  }));
}
TEST(Score, FitTestsTheProfileAndUnknownIsNeutral) {
  const auto policy = policy_of(
      "grades:\n  fit: {from: [60, 40, 20]}\n  engagement: {from: [60, 30, 10]}\nfit:\n  cap: 80\n "
      " rules:\n"
      "    - {name: boss, when: {job_level: [c_level, vp]}, points: 40}\n"
      "    - {name: size, when: {company.size: {at_least: 50, below: 5000}}, points: 25}\n"
      "    - {name: buyer, when: {job_title: {matches: \"eink(a|ä)uf\"}}, points: 20}\n"
      "    - {name: abroad, when: {country: {not: [DE, AT]}}, points: -30}\n"
      "    - {name: free_and_student, when: {free_mail: true, job_title: {matches: student}}, "
      "points: -10}\n");
  PersonState p = person({});
  EXPECT_EQ(score(p, *policy, day(0)).snapshot.grade, "D4");
  p.profile.job_level = "C_Level";
  p.profile.company.size = "1.001-5.000";
  EXPECT_EQ(score(p, *policy, day(0)).snapshot.fit, 65'000);
  EXPECT_EQ(score(p, *policy, day(0)).snapshot.grade, "A4");
  p.profile.job_title = "Leiter Einkauf";
  EXPECT_EQ(score(p, *policy, day(0)).snapshot.fit, 80'000);
  p.profile.country = "US";
  EXPECT_EQ(score(p, *policy, day(0)).snapshot.fit, 55'000);
}
TEST(Score, KeepsALevelUntilTheLowerThreshold) {
  const auto policy = policy_of(
      "grades:\n  fit: {from: [60, 40, 20]}\n  engagement: {from: [60, 30, 10], keep: [50, 25, "
      "8]}\n"
      "engagement:\n  rules:\n    - {name: demo, on: demo_request, points: 60, half_life: 10d}\n");
  auto p = person({touch("a", TouchType::kDemoRequest, day(0))});
  p.score = score(p, *policy, day(0)).snapshot;
  EXPECT_EQ(p.score.grade, "D1");
  const auto later = score(p, *policy, day(2)).snapshot;
  EXPECT_EQ(later.grade, "D1");
  EXPECT_LT(later.engagement, 60'000);
  EXPECT_EQ(score(p, *policy, day(3)).snapshot.grade, "D2");
  p.score = {};
  EXPECT_EQ(score(p, *policy, day(2)).snapshot.grade, "D2");
}
TEST(Score, DisqualifiesByProfileOrTouch) {
  const auto policy = policy_of(
      "grades:\n  fit: {from: [60, 40, 20]}\n  engagement: {from: [60, 30, 10]}\n"
      "disqualify:\n  - {name: rival, when: {company.domain: [rival.example]}}\n  - {name: spam, "
      "on: email_complaint}\n");
  PersonState p = person({});
  EXPECT_FALSE(score(p, *policy, day(0)).snapshot.disqualified);
  p.touches = {touch("a", TouchType::kEmailComplaint, day(0))};
  EXPECT_EQ(score(p, *policy, day(1)).snapshot.disqualified_by, "spam");
  p.profile.company.domain = "rival.example";
  EXPECT_EQ(score(p, *policy, day(1)).snapshot.disqualified_by, "rival");
}
TEST(Score, IsPrintedInPlainPoints) {
  const auto policy =
      engagement("  rules:\n    - {name: demo, on: demo_request, points: 60, half_life: 14d}\n");
  const auto p = person({touch("web:1", TouchType::kDemoRequest, day(0))});
  EXPECT_EQ(
      to_json_text(score(p, *policy, day(0))),
      R"({"fit":0,"engagement":60,"grade":"D1","total":60,"lines":[{"rule":"demo","touch":"web:1",)"
      R"("points":60,"axis":"engagement","why":"60 points"}],"next_crossing":"2026-01-01T00:00:01Z"})");
  EXPECT_NE(to_json_text(score(p, *policy, day(7))).find(R"("engagement":42.426,)"),
            std::string::npos);
}

struct Fault {
  const char* text;
  const char* code;
};

TEST(ScoringPolicy, RejectsErrorsThatASchemaCannotFind) {
  constexpr const char* kGrades =
      "grades:\n  fit: {from: [60, 40, 20]}\n  engagement: {from: [60, 30, 10]}\n";
  const Fault faults[] = {
      {"fit:\n  rules:\n    - {name: a, when: {free_mail: true}, points: -5}\n",
       "scoring.free_mail_negative"},
      {"fit:\n  rules:\n    - {name: a, when: {job_titel: x}, points: 5}\n", "policy.unknown_name"},
      {"fit:\n  rules:\n    - {name: a, when: {job_title: {matches: \"(\"}}, points: 5}\n",
       "scoring.bad_pattern"},
      {"engagement:\n  rules:\n    - {name: a, on: demo_requst, points: 5}\n",
       "policy.unknown_name"},
      {"engagement:\n  rules:\n    - {name: a, on: form_submit, points: 5, group: x}\n",
       "policy.unknown_name"},
      {"engagement:\n  rules:\n    - {name: a, on: form_submit, points: 5, half_life: 10s}\n",
       "scoring.bad_span"},
      {"engagement:\n  combined:\n    - {name: a, points: 5, all: [{on: page_view, dwell: max}]}\n",
       "scoring.bad_condition"},
      {"disqualify:\n  - {name: a}\n", "scoring.empty_rule"},
      {"fit:\n  rules:\n    - {name: a, when: {country: DE}, points: 5}\n    - {name: a, when: "
       "{country: AT}, points: 5}\n",
       "scoring.duplicate_name"},
  };
  for (const Fault& fault : faults) {
    Findings findings;
    const auto yaml =
        parse_yaml(std::string(kGrades) + fault.text, "policy/scoring.yaml", findings);
    EXPECT_EQ(load_scoring(yaml, findings), nullptr) << fault.text;
    ASSERT_FALSE(findings.empty()) << fault.text;
    EXPECT_EQ(findings[0].code, fault.code) << to_string(findings[0]);
    EXPECT_GT(findings[0].line, 3) << to_string(findings[0]);
  }
}
TEST(ScoringPolicy, TheTemplateIsValidAndApprovalsDoNotChangeTheHash) {
  std::ifstream in(source_dir() + "/gateway/cli/templates/policy/scoring.yaml");
  const std::string text((std::istreambuf_iterator<char>(in)), std::istreambuf_iterator<char>());
  const auto policy = policy_of(text);
  ASSERT_NE(policy, nullptr);
  EXPECT_EQ(policy->approvals.marketing.by, "template");
  std::string by_name = text;
  by_name.replace(by_name.find("{by: template"), 13, "{by: Erika Beispiel");
  const auto agreed = policy_of(by_name);
  EXPECT_EQ(agreed->approvals.marketing.by, "Erika Beispiel");
  EXPECT_EQ(agreed->hash, policy->hash);
  EXPECT_EQ(longest_memory(*policy), days(3'653));
}

}  // namespace
}  // namespace baton
