#include "gateway/core/routing/route.h"
#include "gateway/core/routing/routing_load.h"

#include <gmock/gmock.h>

#include "gateway/core/routing/route_lint.h"
#include "mapping/json/json.h"
#include "mapping/schema/schema.h"
#include "mapping/schema/yaml.h"
#include "tests/core/routing/routing_fixture.h"

namespace baton {
namespace {

constexpr std::string_view kPolicy = R"(
reps:
  - {id: anna, name: Anna Beispiel, email: anna@example.com}
  - {id: ben, name: Ben Beispiel, email: ben@example.com}
pools:
  - {id: south, members: [{rep: anna}]}
  - {id: senior, members: [{rep: ben}]}
  - {id: rest, members: [{rep: anna}, {rep: ben}]}
rules:
  - {name: previous_owner, when: {previous_owner: {present: true}}, then: {previous_owner: true}}
  - {name: top, when: {grade: [A1, A2], type: {not_in: [informational]}}, then: {pool: senior, hot: true}}
  - {name: key_account, when: {company_domain: example.org}, then: {rep: ben}}
  - {name: south, when: {country: DE, postal_code: {prefix: ["8", "9"]}}, then: {pool: south}}
  - {name: passed_on, when: {hops: {at_least: 2}}, then: {pool: senior}}
catch_all: {pool: rest}
)";

std::shared_ptr<const RoutingPolicy> load(std::string_view text) {
  Findings findings;
  const auto yaml = parse_yaml(text, "routing.yaml", findings);
  append(findings, check_schema(yaml, "routing"));
  auto policy = load_routing(yaml, findings);
  for (const auto& f : findings) ADD_FAILURE() << to_string(f);
  return policy;
}

RouteInput input(std::string grade, std::string postal_code) {
  RouteInput in;
  in.country = "DE";
  in.type = "hand_raiser";
  in.grade = std::move(grade);
  in.postal_code = std::move(postal_code);
  return in;
}

TEST(Route, TheFirstRuleWithAPoolWins) {
  const auto policy = load(kPolicy);
  EXPECT_EQ(choose_pool(*policy, input("A1", "80331")).rule, "top");
  EXPECT_EQ(choose_pool(*policy, input("A1", "80331")).pool, "senior");
  EXPECT_TRUE(choose_pool(*policy, input("A1", "80331")).hot);
  EXPECT_EQ(choose_pool(*policy, input("B1", "80331")).pool, "south");
  EXPECT_FALSE(choose_pool(*policy, input("B1", "80331")).hot);
}

TEST(Route, UnmatchedLeadsGoToTheCatchAllWithAReason) {
  const auto policy = load(kPolicy);
  const auto choice = choose_pool(*policy, input("B1", "10115"));
  EXPECT_EQ(choice.pool, "rest");
  EXPECT_EQ(choice.rule, "catch_all");
  EXPECT_TRUE(find_reason(choice.reasons, "route.catch_all").has_value());
  EXPECT_EQ(choice.reasons.size(), 6U);
}

TEST(Route, TheSearchContinuesAfterAPreferenceAndTheFirstPreferenceApplies) {
  const auto policy = load(kPolicy);
  auto in = input("B1", "80331");
  in.company_domain = "Example.org";
  EXPECT_EQ(choose_pool(*policy, in).preferred_rep, "ben");
  EXPECT_EQ(choose_pool(*policy, in).pool, "south");
  in.previous_owner = "anna";
  EXPECT_EQ(choose_pool(*policy, in).preferred_rep, "anna");
}

TEST(Route, HopsAreComparedAsNumbers) {
  const auto policy = load(kPolicy);
  auto in = input("B1", "10115");
  in.hops = 10;
  EXPECT_EQ(choose_pool(*policy, in).rule, "passed_on");
}

TEST(Route, TheReasonsNameEveryTestedRuleAndWhatDecidedIt) {
  const auto policy = load(kPolicy);
  const auto choice = choose_pool(*policy, input("B1", "80331"));
  const auto reasons = choice.reasons.read();
  const auto& top = reasons.at(1);
  EXPECT_EQ(top.rule, "routing.rules.top");
  EXPECT_EQ(top.facts.at("matched"), false);
  EXPECT_EQ(top.facts.at("field"), "grade");
  EXPECT_EQ(top.facts.at("value"), "B1");
  const auto& south = reasons.back();
  EXPECT_EQ(south.facts.at("matched"), true);
  EXPECT_EQ(south.facts.at("value"), "8");
}

TEST(Route, ReasonsContainNoDomainAndNoFullPostalCodeOfTheLead) {
  const auto policy = load(kPolicy);
  auto in = input("B1", "10115");
  in.company_domain = "erika-beispiel.example";
  for (const auto& reason : choose_pool(*policy, in).reasons.read()) {
    const auto facts = json::serialize(reason.facts);
    EXPECT_EQ(facts.find("erika"), std::string::npos) << facts;
    EXPECT_EQ(facts.find("10115"), std::string::npos) << facts;
  }
}

}  // namespace
}  // namespace baton
