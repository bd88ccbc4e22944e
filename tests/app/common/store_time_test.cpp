#include "gateway/app/common/store_time.h"

#include <gtest/gtest.h>

#include "gateway/app/common/wakeup.h"

namespace baton {
namespace {

class SteadyClock final : public Clock {
 public:
  Instant now() const override { return {}; }
  std::int64_t steady_ns() const override { return ns; }

  std::int64_t ns = 54'000'000'000'000;
};

class StoreTimeTest : public testing::Test {
 protected:
  static constexpr Instant kNow{1'773'000'000'000};
  static constexpr std::int64_t kSecond = 1'000'000'000;

  SteadyClock clock_;
  StoreTime time_{clock_};
};

TEST_F(StoreTimeTest, WaitsAtMostTheLimitBeforeTheFirstAnswer) {
  EXPECT_EQ(time_.ns_until(Alarm::kNever, seconds(1)), kSecond);
  EXPECT_EQ(time_.ns_until(kNow, seconds(1)), kSecond);
}

TEST_F(StoreTimeTest, SleepsUntilTheInstantButAtMostTheLimit) {
  time_.set(kNow);
  EXPECT_EQ(time_.ns_until(Alarm::kNever, seconds(1)), kSecond);
  EXPECT_EQ(time_.ns_until(kNow + seconds(1), seconds(1)), kSecond);
  EXPECT_EQ(time_.ns_until(kNow + milliseconds(40), seconds(1)), 40'000'000);
  clock_.ns += 400'000;
  EXPECT_EQ(time_.ns_until(kNow + milliseconds(40), seconds(1)), 39'600'000)
      << "waits are not rounded to milliseconds";
}

TEST_F(StoreTimeTest, DoesNotSleepIfTheInstantHasPassed) {
  time_.set(kNow);
  EXPECT_EQ(time_.ns_until(kNow, seconds(1)), 0);
  EXPECT_EQ(time_.ns_until(kNow - hours(1), seconds(1)), 0);
  EXPECT_EQ(time_.ns_until(Instant{INT64_MIN}, seconds(1)), 0);
}

TEST_F(StoreTimeTest, AdvancesWithTheSteadyClockAndIsNeverAheadOfTheStore) {
  time_.set(kNow);
  clock_.ns += 5 * kSecond;
  EXPECT_EQ(time_.now(), kNow + seconds(5));
  time_.set(kNow + milliseconds(4990));  // the answer took ten milliseconds longer
  EXPECT_EQ(time_.now(), kNow + seconds(5));
  time_.set(kNow + milliseconds(5010));
  EXPECT_EQ(time_.now(), kNow + milliseconds(5010));
  time_.set(kNow);  // the clock of the store was set back
  EXPECT_EQ(time_.now(), kNow);
}

}  // namespace
}  // namespace baton
