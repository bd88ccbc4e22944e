#include <gtest/gtest.h>

#include "gateway/app/messages/messages_timing.h"
#include "mapping/schema/yaml.h"
#include "tests/support/ids.h"

namespace baton {
namespace {

TEST(AlertTimings, AreReadAndTheirErrorsReported) {
  RoutingPolicy routing;
  routing.reps.emplace_back().id = "lena"_rep;
  Findings findings;
  const auto yaml = parse_yaml(
      "channels: [{name: sales, adapter: slack, mode: observe}]\n"
      "group: {window: 30m, collect: 5s, kinds: [escalation], recipients: [lena, nobody]}\nquiet: "
      "{kinds: []}\n",
      "alerts.yaml", findings);
  const auto timing = load_alert_routes(yaml, findings).timing;
  EXPECT_TRUE(findings.empty());
  EXPECT_EQ(timing.window, minutes(30));
  EXPECT_EQ(timing.collect, seconds(5));
  EXPECT_TRUE(timing.quiet_kinds.empty());
  check_alert_recipients(yaml, routing, findings);
  ASSERT_EQ(findings.size(), 1U);
  EXPECT_EQ(to_string(findings[0]),
            "alerts.yaml:2:75: no rep is named \"nobody\" (policy/routing.yaml) "
            "[config.unknown_recipient]");
  const auto bad =
      parse_yaml("channels: []\ngroup: {window: soon, collect: 2h}\n", "alerts.yaml", findings);
  findings.clear();
  load_alert_routes(bad, findings);
  ASSERT_EQ(findings.size(), 2U);
  EXPECT_EQ(findings[0].code, "config.bad_value");
}

}  // namespace
}  // namespace baton
