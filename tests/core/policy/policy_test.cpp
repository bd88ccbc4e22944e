#include "gateway/core/policy/policy.h"

#include <gtest/gtest.h>

#include "tests/core/sim/core_sim.h"

namespace baton {
namespace {

Findings findings_of(const std::map<std::string, std::string>& instead) {
  Findings findings;
  std::map<std::string, YamlDocument> documents;
  for (const std::string kind : {"calendars", "lifecycle", "routing", "scoring", "sla"}) {
    const auto other = instead.find(kind);
    documents[kind] = parse_yaml(other != instead.end() ? other->second : template_text(kind),
                                 kind + ".yaml", findings);
  }
  load_policy(documents, findings);
  return findings;
}

std::string replaced(std::string text, std::string_view what, std::string_view with) {
  const auto place = text.find(what);
  EXPECT_NE(place, std::string::npos) << what;
  return place == std::string::npos ? text : text.replace(place, what.size(), with);
}

const Finding* find_code(const Findings& findings, std::string_view code) {
  for (const auto& finding : findings) {
    if (finding.code == code) return &finding;
  }
  return nullptr;
}

TEST(PolicyFiles, ReportsAClockThatStopsAtItsStartWithItsPlace) {
  const auto findings =
      findings_of({{"sla", replaced(template_text("sla"), "start: accepted\n    stop: [qualified]",
                                    "start: qualified\n    stop: [qualified]")}});
  const auto* found = find_code(findings, "policy.clock_never_runs");
  ASSERT_NE(found, nullptr);
  EXPECT_GT(found->line, 0);
}

TEST(PolicyFiles, ReportsAnUnknownGradeWithTheNearestOne) {
  const auto findings = findings_of(
      {{"lifecycle", replaced(template_text("lifecycle"), "[A1, A2, B1]", "[A1, A22, B1]")}});
  const auto* found = find_code(findings, "policy.unknown_name");
  ASSERT_NE(found, nullptr);
  EXPECT_NE(found->message.find("A2"), std::string::npos) << found->message;
}

TEST(PolicyFiles, ReportsAMissingCalendar) {
  const auto findings =
      findings_of({{"sla", replaced(template_text("sla"), "calendar: office", "calendar: ofice")}});
  const auto* found = find_code(findings, "policy.unknown_calendar");
  ASSERT_NE(found, nullptr);
  EXPECT_NE(found->message.find("did you mean \"office\""), std::string::npos) << found->message;
}

TEST(PolicyFiles, ReportsABudgetThatIsNotADuration) {
  const auto findings =
      findings_of({{"sla", replaced(template_text("sla"), "budget: 4h", "budget: soon")}});
  EXPECT_NE(find_code(findings, "policy.bad_duration"), nullptr);
}

TEST(PolicyFiles, ReportsStepsOutOfOrder) {
  const auto findings = findings_of(
      {{"sla", replaced(template_text("sla"), "warnings: [75]", "warnings: [75, 120]")}});
  EXPECT_NE(find_code(findings, "policy.bad_steps"), nullptr);
}

TEST(PolicyFiles, AMissingApprovalIsAWarningOnly) {
  const auto findings =
      findings_of({{"sla", replaced(template_text("sla"),
                                    "  sales: {by: template, on: \"2026-01-01\"}\n", "")}});
  const auto* found = find_code(findings, "policy.not_approved");
  ASSERT_NE(found, nullptr);
  EXPECT_TRUE(found->warning);
}

TEST(PolicyFiles, AMissingFileIsNamed) {
  Findings findings;
  EXPECT_EQ(load_policy({}, findings), nullptr);
  EXPECT_EQ(findings.size(), 5U);
  EXPECT_EQ(findings.at(0).code, "policy.missing_file");
}

TEST(PolicyFiles, TheHashFollowsTheContentNotTheLayout) {
  const auto same = template_policy({{"sla", "# another comment\n" + template_text("sla")}});
  const auto other =
      template_policy({{"sla", replaced(template_text("sla"), "budget: 4h", "budget: 5h")}});
  EXPECT_EQ(template_policy()->hash, same->hash);
  EXPECT_NE(template_policy()->hash, other->hash);
}

}  // namespace
}  // namespace baton
