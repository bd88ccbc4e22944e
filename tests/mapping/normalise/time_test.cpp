#include "mapping/normalise/time.h"

#include <random>

#include <gtest/gtest.h>

namespace baton {
namespace {

std::string when(std::string_view text, const TimeHint& hint = {}) {
  const auto at = parse_time(text, hint);
  return at ? to_rfc3339(*at) : "-";
}

TEST(Time, ReadsTheEpochInSecondsAndMilliseconds) {
  EXPECT_EQ(when("1582103478"), "2020-02-19T09:11:18Z");
  EXPECT_EQ(when("1582103478123"), "2020-02-19T09:11:18.123Z");
  EXPECT_EQ(when("1582103478.25"), "2020-02-19T09:11:18.250Z");
  EXPECT_EQ(when("1.582103478e9"), "2020-02-19T09:11:18Z");
  EXPECT_EQ(when("1582103478", {TimeHint::Unit::kMillis, ""}), "1970-01-19T07:28:23.478Z");
  EXPECT_EQ(when("0"), "1970-01-01T00:00:00Z");
}

TEST(Time, ReadsIso8601WithAnyOffset) {
  for (const char* text :
       {"2026-03-09T09:00:00Z", "2026-03-09T10:00:00+01:00", "2026-03-09T10:00:00+0100",
        "2026-03-09T10:00:00+01", "2026-03-09 09:00:00Z", "2026-03-09 09:00:00 UTC",
        "2026-03-09 10:00:00 +0100", "2026-03-09t09:00:00z", "2026-03-09T09:00Z",
        " 2026-03-09T09:00:00Z "})
    EXPECT_EQ(when(text, {TimeHint::Unit::kAuto, "Asia/Tokyo"}), "2026-03-09T09:00:00Z") << text;
  EXPECT_EQ(when("2026-03-09T09:00:00.1239Z"), "2026-03-09T09:00:00.123Z");
}

TEST(Time, ReadsLocalTimesInTheZoneOfTheSource) {
  const TimeHint berlin{TimeHint::Unit::kAuto, "Europe/Berlin"};
  EXPECT_EQ(when("2026-03-09 10:00:00", berlin), "2026-03-09T09:00:00Z");
  EXPECT_EQ(when("2026-07-09T10:00", berlin), "2026-07-09T08:00:00Z");
  EXPECT_EQ(when("2026-07-09", berlin), "2026-07-08T22:00:00Z");
  EXPECT_EQ(when("2026-03-09 10:00:00"), "2026-03-09T10:00:00Z");
  EXPECT_EQ(when("2026-03-09 10:00:00", {TimeHint::Unit::kAuto, "Mars/Base"}), "-");
}

TEST(Time, MovesSkippedTimesForwardAndTakesTheFirstOfTwo) {
  const TimeHint berlin{TimeHint::Unit::kAuto, "Europe/Berlin"};
  EXPECT_EQ(when("2026-03-29 02:30:00", berlin), "2026-03-29T01:30:00Z");
  EXPECT_EQ(when("2026-10-25 02:30:00", berlin), "2026-10-25T00:30:00Z");
}

TEST(Time, RefusesOtherTexts) {
  for (const char* text :
       {"", "now", "2026-02-30", "2026-13-01 10:00:00", "02/01/2025 10:20", "2026-03-09T25:00:00Z",
        "2026-03-09x", "-5", "1e30", "nan", "inf", "1582103478 s", "1969-12-31T23:59:59Z",
        "2200-01-01T00:00:00Z", "2026-03-09T", "9999-12-31T00:00:00Z"})
    EXPECT_EQ(when(text), "-") << text;
}

TEST(Time, RecognisesTimeZones) {
  EXPECT_TRUE(is_time_zone("Europe/Berlin"));
  EXPECT_FALSE(is_time_zone("Europe/Nowhere"));
  EXPECT_FALSE(is_time_zone(""));
}

TEST(Time, ReadsBackWhatItWrites) {
  for (std::uint64_t seed = 0; seed < 5000; ++seed) {
    std::mt19937_64 random(seed);
    const Instant at{static_cast<std::int64_t>(random() % 7'258'118'400'000ULL)};
    EXPECT_EQ(parse_time(to_rfc3339(at)), at) << "seed " << seed;
    if (at.ms >= 100'000'000'000) {
      EXPECT_EQ(parse_time(std::to_string(at.ms)), at) << "seed " << seed;
    }
    std::string noise = to_rfc3339(at);
    noise[random() % noise.size()] = static_cast<char>(random());
    parse_time(noise, {TimeHint::Unit::kAuto, "America/New_York"});
  }
}

}  // namespace
}  // namespace baton
