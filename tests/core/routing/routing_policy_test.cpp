#include "gateway/core/routing/routing_policy.h"
#include "gateway/core/routing/routing_load.h"

#include <gmock/gmock.h>

#include "gateway/core/routing/route_lint.h"
#include "mapping/schema/yaml.h"
#include "tests/core/routing/routing_fixture.h"

namespace baton {
namespace {

using testing::HasSubstr;

struct Loaded {
  std::shared_ptr<const RoutingPolicy> policy;
  Findings findings;
};

Loaded load(std::string_view text) {
  Loaded l;
  const auto yaml = parse_yaml(text, "routing.yaml", l.findings);
  l.policy = load_routing(yaml, l.findings);
  if (l.policy) lint_routing(yaml, *l.policy, {}, l.findings);
  return l;
}

// A policy with one pool, whose member is anna. `rest` is appended.
std::string around(std::string_view rest) {
  return fmt::format(R"(reps:
  - {{id: anna, name: Anna Beispiel, email: anna@example.com}}
  - {{id: ben, name: Ben Beispiel, email: ben@example.com}}
pools:
  - {{id: south, members: [{{rep: anna}}]}}
catch_all: {{pool: south}}
{})",
                     rest);
}

struct Wrong {
  const char* name;
  std::string text;
  const char* code;
  int line;
  const char* says;
};

class InvalidRouting : public testing::TestWithParam<Wrong> {};

TEST_P(InvalidRouting, IsReportedWithItsPlace) {
  const auto l = load(GetParam().text);
  ASSERT_EQ(l.findings.size(), 1U) << (l.findings.empty() ? "" : to_string(l.findings.back()));
  const auto& f = l.findings.front();
  EXPECT_EQ(f.code, GetParam().code);
  EXPECT_EQ(f.line, GetParam().line) << to_string(f);
  EXPECT_THAT(f.message, HasSubstr(GetParam().says));
  EXPECT_EQ(l.policy == nullptr,
            !f.warning || f.code == std::string("routing.unknown_calendar") ? !f.warning : false);
}

INSTANTIATE_TEST_SUITE_P(
    All, InvalidRouting,
    testing::Values(
        Wrong{"UnknownRep",
              around("absences:\n  - {rep: ana, from: 2026-08-03, until: 2026-08-04}"),
              "routing.unknown_reference", 8, "did you mean \"anna\"?"},
        Wrong{"UnknownPool", around("rules:\n  - {name: a, then: {pool: sooth}}"),
              "routing.unknown_reference", 8, "did you mean \"south\"?"},
        Wrong{"UnknownTeam", around("teams:\n  - {id: t, lead: nobody-at-all}"),
              "routing.unknown_reference", 8, "there is no rep"},
        Wrong{"AbsenceOrder",
              around("absences:\n  - {rep: anna, from: 2026-08-05, until: 2026-08-04}"),
              "routing.absence_order", 8, "ends before it begins"},
        Wrong{"AbsenceTime",
              around("absences:\n  - {rep: anna, from: 2026-02-30, until: 2026-08-04}"),
              "routing.absence_time", 8, "2026-02-30"},
        Wrong{"DuplicateTeam", around("teams:\n  - {id: t}\n  - {id: t}"), "routing.duplicate_id",
              9, "twice"},
        Wrong{"Unreachable",
              around(
                  "rules:\n  - {name: all_de, when: {country: [DE, AT]}, then: {pool: south}}\n"
                  "  - {name: bavaria, when: {country: DE, region: Bavaria}, then: {pool: south}}"),
              "routing.unreachable_rule", 9, "\"all_de\" above it"},
        Wrong{"DecidesNothing", around("rules:\n  - {name: a, then: {}}"), "routing.empty_rule", 8,
              "has no effect"}),
    [](const auto& param) { return param.param.name; });

TEST(RoutingPolicy, ReportsEmptyPoolsBadWeightsAndDepartedMembers) {
  const auto codes = [](std::string_view pools) {
    const auto l = load(
        fmt::format("reps: [{{id: a, name: A, email: a@example.com, active: false}}, "
                    "{{id: b, name: B, email: b@example.com}}]\npools: {}\ncatch_all: {{pool: p}}",
                    pools));
    std::vector<std::string> out;
    for (const auto& f : l.findings) out.push_back(f.code + (f.warning ? "?" : "!"));
    return out;
  };
  EXPECT_THAT(codes("[{id: p, members: []}]"), testing::ElementsAre("routing.empty_pool!"));
  EXPECT_THAT(codes("[{id: p, members: [{rep: b, weight: 0}]}]"),
              testing::ElementsAre("routing.bad_weight!"));
  EXPECT_THAT(codes("[{id: p, members: [{rep: b}, {rep: b}]}]"),
              testing::ElementsAre("routing.duplicate_id!"));
  EXPECT_THAT(codes("[{id: p, members: [{rep: a}, {rep: b}]}]"),
              testing::ElementsAre("routing.departed_member?"));
  EXPECT_THAT(codes("[{id: p, members: [{rep: a}]}]"),
              testing::ElementsAre("routing.departed_member?", "routing.idle_pool?"));
  EXPECT_THAT(codes("[{id: p, when_nobody: escalate, members: [{rep: b}]}]"),
              testing::ElementsAre("routing.escalates_to_nobody?"));
  EXPECT_THAT(codes("[{id: p, needs: {skills: [x]}, members: [{rep: b}]}]"),
              testing::ElementsAre("routing.unfit_member?", "routing.idle_pool?"));
}

TEST(RoutingPolicy, AnUnknownCalendarIsAnError) {
  const auto l = load(around("calendar: offfice"));
  ASSERT_EQ(l.findings.size(), 1U);
  EXPECT_EQ(l.findings[0].code, "routing.unknown_calendar");
  EXPECT_FALSE(l.findings[0].warning);
}

TEST(RoutingPolicy, PreferencesAndNarrowerRulesAboveHideNothing) {
  const auto l =
      load(around("rules:\n  - {name: a, then: {rep: ben}}\n"
                  "  - {name: b, when: {country: DE, region: X}, then: {pool: south}}\n"
                  "  - {name: c, when: {country: DE}, then: {pool: south}}\n"
                  "  - {name: d, when: {postal_code: {prefix: \"8\"}}, then: {pool: south}}\n"
                  "  - {name: e, when: {postal_code: {prefix: \"9\"}}, then: {pool: south}}"));
  EXPECT_TRUE(l.findings.empty()) << to_string(l.findings.front());
}

TEST(RoutingPolicy, FindsRepsTeamsLeadsAndHeads) {
  const auto l = load(around("teams:\n  - {id: t, lead: ben}"));
  ASSERT_NE(l.policy, nullptr);
  EXPECT_EQ(l.policy->rep_by_email("Anna@Example.com")->id, "anna");
  EXPECT_EQ(l.policy->rep_by_email(""), nullptr);
  EXPECT_EQ(l.policy->lead_of("t")->id, "ben");
  EXPECT_EQ(l.policy->head_of("t"), nullptr);
  EXPECT_EQ(l.policy->team_of("anna"_rep), nullptr);
  EXPECT_EQ(l.policy->rep("zoe"_rep), nullptr);
}

TEST(RoutingPolicy, TheOrderOfMembersInTheFileHasNoEffect) {
  const auto a = load(around("")).policy;
  EXPECT_EQ(a->pools[0].members[0].rep, "anna");
  EXPECT_EQ(a->hash.size(), 64U);
}

}  // namespace
}  // namespace baton
