#include "mapping/instant.h"

#include <random>

#include <gtest/gtest.h>

namespace baton {
namespace {

TEST(Instant, WritesRfc3339) {
  EXPECT_EQ(to_rfc3339({0}), "1970-01-01T00:00:00Z");
  EXPECT_EQ(to_rfc3339({1'582'103'478'123}), "2020-02-19T09:11:18.123Z");
  EXPECT_EQ(to_rfc3339({-1}), "1969-12-31T23:59:59.999Z");
}

TEST(Instant, ReadsRfc3339WithAZoneOnly) {
  EXPECT_EQ(parse_rfc3339("2020-02-29T00:00:00+00:00")->ms, 1'582'934'400'000);
  for (const char* text :
       {"2020-02-19T09:11:18", "2019-02-29T00:00:00Z", "2020-02-19", "2020-2-19T00:00:00Z",
        "2020-02-19T24:00:00Z", "2020-02-19T09:60:00Z", "2020-02-19T09:11:18+24:00",
        "2020-02-19T09:11:18Zx", "2020-02-19T09:11:18.Z", ""})
    EXPECT_FALSE(parse_rfc3339(text)) << text;
}

TEST(Instant, ReadsDurations) {
  EXPECT_EQ(parse_duration("1h30m")->ms, 5'400'000);
  EXPECT_EQ(parse_duration("500ms")->ms, 500);
  EXPECT_EQ(parse_duration("2d"), days(2));
  for (const char* text :
       {"", "4", "h", "-1h", "1.5h", "1h ", "1w", "99999999999999999999s", "40000d", "1 h"})
    EXPECT_FALSE(parse_duration(text)) << text;
}

TEST(Instant, ReadsBackWhatItWrites) {
  for (std::uint64_t seed = 0; seed < 5000; ++seed) {
    std::mt19937_64 random(seed);
    const Instant at{static_cast<std::int64_t>(random() % 250'000'000'000'000ULL)};
    EXPECT_EQ(parse_rfc3339(to_rfc3339(at)), at) << "seed " << seed;
    const Duration d{static_cast<std::int64_t>(random() % days(36'525).ms)};
    EXPECT_EQ(parse_duration(to_string(d)), d) << "seed " << seed;
  }
}

}  // namespace
}  // namespace baton
