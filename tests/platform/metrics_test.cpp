#include "gateway/platform/metrics.h"

#include <gmock/gmock.h>

namespace baton {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

TEST(Metrics, HoursOfLatenessAppearInTheirHistogram) {
  observe_seconds("message_lateness_seconds", 2.0 * 3600 + 60, "destination=test");
  observe_seconds("timer_lag_seconds", 90.0 * 60);
  const auto text = metrics_text();
  EXPECT_THAT(
      text, HasSubstr("baton_message_lateness_seconds_bucket{destination=\"test\",le=\"7200\"} 0"));
  EXPECT_THAT(
      text,
      HasSubstr("baton_message_lateness_seconds_bucket{destination=\"test\",le=\"14400\"} 1"));
  EXPECT_THAT(text, HasSubstr("baton_timer_lag_seconds_bucket{le=\"3600\"} 0"));
  EXPECT_THAT(text, HasSubstr("baton_timer_lag_seconds_bucket{le=\"7200\"} 1"));
}

TEST(Metrics, FastOperationsKeepFineBuckets) {
  observe_seconds("decide_duration_seconds", 0.0002);
  const auto text = metrics_text();
  EXPECT_THAT(text, HasSubstr("baton_decide_duration_seconds_bucket{le=\"0.0001\"} 0"));
  EXPECT_THAT(text, HasSubstr("baton_decide_duration_seconds_bucket{le=\"0.0005\"} 1"));
  EXPECT_THAT(text, Not(HasSubstr("baton_decide_duration_seconds_bucket{le=\"3600\"}")));
}

}  // namespace
}  // namespace baton
