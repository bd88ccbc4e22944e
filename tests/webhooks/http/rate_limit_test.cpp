#include "webhooks/http/rate_limit.h"

#include <gmock/gmock.h>

#include <random>

namespace baton {
namespace {

constexpr std::int64_t kSecond = 1'000'000'000;

TEST(RateLimit, AllowsTheBurstThenTheRate) {
  RateLimiter limiter(1024);
  const Rate rate{10, 5};
  const std::string_view key = "a";
  for (int i = 0; i < 5; ++i) EXPECT_FALSE(limiter.take(key, rate, kSecond)) << i;
  const auto wait = limiter.take(key, rate, kSecond);
  ASSERT_TRUE(wait);
  EXPECT_EQ(wait->ms, 100);
  EXPECT_TRUE(limiter.take(key, rate, kSecond + kSecond / 20));
  EXPECT_FALSE(limiter.take(key, rate, kSecond + kSecond / 10));
  EXPECT_TRUE(limiter.take(key, rate, kSecond + kSecond / 10));
}

TEST(RateLimit, NeverAllowsMoreThanBurstAndRate) {
  std::mt19937_64 random(42);
  for (int round = 0; round < 50; ++round) {
    RateLimiter limiter(64, random());
    const Rate rate{1 + static_cast<std::int64_t>(random() % 50),
                    1 + static_cast<std::int64_t>(random() % 50)};
    std::int64_t now = kSecond, allowed = 0;
    const auto began = now;
    for (int i = 0; i < 500; ++i) {
      now += static_cast<std::int64_t>(random() % (kSecond / 20));
      if (!limiter.take(std::uint64_t{7}, rate, now)) ++allowed;
      const auto most = rate.burst + rate.per_second * (now - began) / kSecond + 1;
      ASSERT_LE(allowed, most) << "round " << round;
    }
  }
}

TEST(RateLimit, RefusedRequestsCostNothing) {
  RateLimiter limiter(64);
  const Rate rate{1, 1};
  EXPECT_FALSE(limiter.take(std::uint64_t{1}, rate, kSecond));
  for (int i = 0; i < 1000; ++i) EXPECT_TRUE(limiter.take(std::uint64_t{1}, rate, kSecond + i));
  EXPECT_FALSE(limiter.take(std::uint64_t{1}, rate, 2 * kSecond));
}

TEST(RateLimit, KeysDoNotShare) {
  RateLimiter limiter(65'536, 99);
  const Rate rate{1, 1};
  int refused = 0;
  for (std::uint64_t key = 0; key < 10'000; ++key)
    refused += limiter.take(key, rate, kSecond) ? 1 : 0;
  EXPECT_EQ(refused, 0);
}

TEST(RateLimit, ForgetsTheFullestBucketWhenFull) {
  RateLimiter limiter(8);
  const Rate rate{1, 10};
  for (int i = 0; i < 10; ++i) EXPECT_FALSE(limiter.take(std::uint64_t{1}, rate, kSecond));
  for (std::uint64_t key = 2; key < 1000; ++key) EXPECT_FALSE(limiter.take(key, rate, kSecond));
  EXPECT_TRUE(limiter.take(std::uint64_t{1}, rate, kSecond));
}

TEST(RateLimit, ReportsWholeSeconds) {
  EXPECT_EQ(retry_after_seconds({0}), 1);
  EXPECT_EQ(retry_after_seconds({1000}), 1);
  EXPECT_EQ(retry_after_seconds({1001}), 2);
}

}  // namespace
}  // namespace baton
