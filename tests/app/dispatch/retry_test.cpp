#include "gateway/app/dispatch/retry.h"

#include <algorithm>
#include <random>
#include <string>
#include <vector>

#include <gtest/gtest.h>

namespace baton {
namespace {

Outcome outcome(Verdict verdict, std::optional<Duration> after = std::nullopt) {
  return {verdict, {}, after, {}};
}

TEST(Retry, WaitsWithinADoublingCeilingForEverySeed) {
  const RetryPolicy policy;
  const std::uint64_t seed = 7;
  std::mt19937_64 random(seed);
  for (int i = 0; i < 20'000; ++i) {
    const int attempt = 1 + static_cast<int>(random() % 50);
    const auto item_seed = random();
    const auto step = next_try(policy, attempt, outcome(Verdict::kRetryBackoff), item_seed);
    std::int64_t ceiling = 1000;
    for (int k = 1; k < attempt && ceiling < policy.longest.ms; ++k) ceiling *= 2;
    EXPECT_FALSE(step.give_up);
    EXPECT_GE(step.wait, policy.least) << "seed " << seed;
    EXPECT_LE(step.wait.ms, std::min(ceiling, policy.longest.ms))
        << "seed " << seed << " attempt " << attempt;
    EXPECT_EQ(step.wait,
              next_try(policy, attempt, outcome(Verdict::kRetryBackoff), item_seed).wait);
  }
}

TEST(Retry, SpreadsItemsThatFailedTogether) {
  std::vector<std::int64_t> waits;
  for (int i = 0; i < 1000; ++i)
    waits.push_back(
        next_try({}, 8, outcome(Verdict::kRetryBackoff), retry_seed("p" + std::to_string(i), 8))
            .wait.ms);
  std::sort(waits.begin(), waits.end());
  EXPECT_LT(waits[100], 20'000);
  EXPECT_GT(waits[900], 100'000);
}

TEST(Retry, HonoursAndCapsWhatTheServerAsksFor) {
  const auto wait = [](Duration asked) {
    return next_try({}, 1, outcome(Verdict::kRetryAfter, asked), 3).wait;
  };
  EXPECT_GE(wait(seconds(120)), seconds(120));
  EXPECT_LE(wait(seconds(120)), seconds(132));
  EXPECT_EQ(wait(days(3650)), hours(10));
  EXPECT_EQ(wait(seconds(0)), milliseconds(100));
  EXPECT_EQ(wait(seconds(-5)), milliseconds(100));
}

TEST(Retry, GivesUpWhatIsPermanentAtOnce) {
  for (const auto verdict :
       {Verdict::kPermanentData, Verdict::kPermanentConfig, Verdict::kDuplicate})
    EXPECT_TRUE(next_try({}, 1, outcome(verdict), 1).give_up);
  EXPECT_FALSE(next_try({}, 1, outcome(Verdict::kReauthOnce), 1).give_up);
  EXPECT_TRUE(next_try({}, 2, outcome(Verdict::kReauthOnce), 1).give_up);
  EXPECT_FALSE(next_try({}, 59, outcome(Verdict::kUnknown), 1).give_up);
  EXPECT_TRUE(next_try({}, 60, outcome(Verdict::kUnknown), 1).give_up);
  EXPECT_FALSE(next_try({}, 5000, outcome(Verdict::kRetryBackoff), 1, false).give_up)
      << "a CRM that is down is retried without a limit";
}

TEST(Breaker, OpensAfterFailuresInARowAndLetsOneProbeThrough) {
  Breaker breaker({3, seconds(5), seconds(20)});
  Instant now{0};
  for (int i = 0; i < 2; ++i) breaker.failed(now);
  breaker.succeeded();
  for (int i = 0; i < 3; ++i) {
    EXPECT_TRUE(breaker.allow(now));
    breaker.failed(now);
  }
  EXPECT_EQ(breaker.state(now), Breaker::State::kOpen);
  EXPECT_FALSE(breaker.allow(now + milliseconds(4999)));
  now = now + seconds(5);
  EXPECT_EQ(breaker.state(now), Breaker::State::kHalfOpen);
  EXPECT_TRUE(breaker.allow(now));
  EXPECT_FALSE(breaker.allow(now));
  breaker.failed(now);
  EXPECT_EQ(breaker.opens_at(now), now + seconds(10));
  for (int i = 0; i < 5; ++i) {
    now = *breaker.opens_at(now);
    ASSERT_TRUE(breaker.allow(now));
    breaker.failed(now);
  }
  EXPECT_EQ(breaker.opens_at(now), now + seconds(20));
  now = now + seconds(20);
  ASSERT_TRUE(breaker.allow(now));
  breaker.succeeded();
  EXPECT_EQ(breaker.state(now), Breaker::State::kClosed);
  EXPECT_TRUE(breaker.allow(now));
  EXPECT_TRUE(breaker.allow(now));
}

TEST(Breaker, IgnoresLateFailuresWhileOpen) {
  Breaker breaker({1, seconds(5), seconds(20)});
  breaker.failed({0});
  breaker.failed({1000});
  EXPECT_EQ(breaker.opens_at({1000}), Instant{5000});
}

}  // namespace
}  // namespace baton
