#include "gateway/core/check/route_query.h"
#include "gateway/core/calendar/calendar_policy.h"
#include "gateway/core/routing/routing_load.h"

#include <fstream>
#include <iterator>

#include <gmock/gmock.h>

#include "gateway/core/routing/route_lint.h"
#include "mapping/json/json.h"
#include "mapping/schema/schema.h"
#include "tests/core/routing/routing_fixture.h"
#include "tests/support/source_dir.h"

namespace baton {
namespace {

using testing::HasSubstr;

std::string shipped(const std::string& name) {
  std::ifstream file(source_dir() + "/gateway/cli/templates/policy/" + name);
  return {std::istreambuf_iterator<char>(file), {}};
}

struct Shipped {
  std::shared_ptr<const RoutingPolicy> policy;
  CalendarSet calendars;
  Findings findings;
};

// The routing policy that `baton init` writes, with its calendars.
Shipped template_policy() {
  Shipped s;
  const auto calendars = parse_yaml(shipped("calendars.yaml"), "calendars.yaml", s.findings);
  s.calendars = load_calendars(calendars, s.findings);
  const auto yaml = parse_yaml(shipped("routing.yaml"), "routing.yaml", s.findings);
  append(s.findings, check_schema(yaml, "routing"));
  s.policy = load_routing(yaml, s.findings);
  if (s.policy) lint_routing(yaml, *s.policy, s.calendars, s.findings);
  return s;
}

Result<RouteAnswer> ask(std::vector<std::string> pairs, std::string verify = "") {
  static const Shipped s = template_policy();
  return answer_route(*s.policy, s.calendars, {std::move(pairs), std::move(verify), kMonday});
}

TEST(RouteCli, TheShippedPolicyHasNoFindings) {
  const auto s = template_policy();
  ASSERT_NE(s.policy, nullptr);
  for (const auto& f : s.findings) ADD_FAILURE() << to_string(f);
}

TEST(RouteCli, NamesTheOwnerAndTheReasons) {
  const auto answer = ask({"type=hand_raiser", "language=de"});
  ASSERT_TRUE(answer.has_value());
  EXPECT_THAT(answer->text, HasSubstr("one of chris, erika, max"));
  EXPECT_THAT(answer->text,
              HasSubstr("rule \"asked_for_contact\" matches: request is \"wants contact\""));
  EXPECT_EQ(answer->json.at("pool"), "sales");
  EXPECT_EQ(answer->json.at("rule"), "asked_for_contact");
}

TEST(RouteCli, ThePreviousOwnerComesFirst) {
  const auto answer = ask({"previous_owner=max", "language=de"});
  EXPECT_EQ(answer->json.at("owner"), "max");
  EXPECT_EQ(answer->json.at("by"), "preferred");
}

TEST(RouteCli, ALanguageThatNoRepSpeaksIsEscalatedToTheLead) {
  const auto answer = ask({"language=fr"});
  EXPECT_EQ(answer->json.at("owner"), "lena");
  EXPECT_THAT(answer->text, HasSubstr("max excluded: language  [routing.reps.max.languages]"));
}

TEST(RouteCli, VerifiesAPossibleRepOrThePool) {
  EXPECT_TRUE(ask({"language=de"}, "erika")->verified);
  EXPECT_TRUE(ask({"language=de"}, "sales")->verified);
  EXPECT_FALSE(ask({"language=de"}, "lena")->verified);
  EXPECT_FALSE(ask({"language=de", "excluded=erika,max"}, "erika")->verified);
}

TEST(RouteCli, RejectsInvalidFactsAndSuggestsTheFix) {
  EXPECT_THAT(ask({"contry=DE"}).error().message, HasSubstr("did you mean \"country\"?"));
  EXPECT_THAT(ask({"country"}).error().message, HasSubstr("key=value"));
  EXPECT_THAT(ask({"hops=many"}).error().message, HasSubstr("whole number"));
  EXPECT_THAT(ask({"at=tomorrow"}).error().message, HasSubstr("RFC 3339"));
}

}  // namespace
}  // namespace baton
