#include <chrono>

#include <gtest/gtest.h>

#include "calendar_reference.h"
#include "gateway/core/calendar.h"
#include "gateway/core/holiday_rule.h"
#include "gateway/core/zone_rule.h"

namespace baton {
namespace {

namespace ch = std::chrono;

std::int32_t day(int year, unsigned month, unsigned d) {
  return static_cast<std::int32_t>(
      ch::sys_days{ch::year{year} / ch::month{month} / ch::day{d}}.time_since_epoch().count());
}

bool holds(std::string_view region, std::int32_t on, int year) {
  const auto all = holidays(region, year);
  return std::any_of(all->begin(), all->end(), [&](const Holiday& h) { return h.day == on; });
}

TEST(Holidays, EveryDayOf2015To2035AgreesWithTheReferenceInEveryRegion) {
  for (const std::string& region : reference::regions()) {
    if (region.empty()) continue;
    for (int year = 2015; year <= 2035; ++year) {
      std::set<std::int32_t> ours;
      const auto all = holidays(region, year);
      for (const Holiday& h : *all) ours.insert(h.day);
      for (std::int32_t d = day(year, 1, 1); d <= day(year, 12, 31); ++d) {
        const ch::year_month_day date{ch::sys_days{ch::days{d}}};
        const bool theirs = reference::is_holiday(
            region, year, static_cast<int>(static_cast<unsigned>(date.month())),
            static_cast<int>(static_cast<unsigned>(date.day())));
        ASSERT_EQ(ours.contains(d), theirs) << region << ' ' << year << " day " << d;
      }
    }
  }
}

TEST(Holidays, CorpusChristiFollowsEaster) {
  EXPECT_TRUE(holds("DE-BY", day(2026, 6, 4), 2026));
  EXPECT_TRUE(holds("DE-BY", day(2027, 5, 27), 2027));
  EXPECT_TRUE(holds("DE-NW", day(2028, 6, 15), 2028));
  EXPECT_FALSE(holds("DE-BE", day(2026, 6, 4), 2026));
}
TEST(Holidays, RepentanceDayMayBeThe22nd) {
  EXPECT_TRUE(holds("DE-SN", day(2028, 11, 22), 2028));
  EXPECT_TRUE(holds("DE-SN", day(2026, 11, 18), 2026));
  EXPECT_FALSE(holds("DE-BY", day(2026, 11, 18), 2026));
}
TEST(Holidays, ReformationDayWasEverywhereOnlyIn2017) {
  EXPECT_TRUE(holds("DE", day(2017, 10, 31), 2017));
  EXPECT_FALSE(holds("DE", day(2018, 10, 31), 2018));
  EXPECT_TRUE(holds("DE-HH", day(2018, 10, 31), 2018));
  EXPECT_FALSE(holds("DE-HH", day(2016, 10, 31), 2016));
}
TEST(Holidays, MunicipalDaysAddToTheState) {
  EXPECT_TRUE(holds("DE-BY-AUGSBURG", day(2026, 1, 6), 2026));
  EXPECT_TRUE(holds("DE-BY-AUGSBURG", day(2026, 8, 8), 2026));
  EXPECT_TRUE(holds("DE-BY-KATHOLISCH", day(2026, 8, 15), 2026));
  EXPECT_FALSE(holds("DE-BY", day(2026, 8, 15), 2026));
}
TEST(Holidays, EveryRegionOfTheFileIsKnownAndEveryStateIsThere) {
  EXPECT_GE(holiday_regions().size(), 18U);
  for (const std::string& region : holiday_regions())
    EXPECT_GE(holidays(region, 2026)->size(), 9U) << region;
  EXPECT_FALSE(holidays("FR", 2026).has_value());
  EXPECT_FALSE(holidays("DE", 1999).has_value());
}
TEST(Holidays, EasterAgreesWithTheAlmanac) {
  EXPECT_EQ(easter_sunday(2000), day(2000, 4, 23));
  EXPECT_EQ(easter_sunday(2008), day(2008, 3, 23));
  EXPECT_EQ(easter_sunday(2038), day(2038, 4, 25));
  EXPECT_EQ(easter_sunday(2076), day(2076, 4, 19));
}
TEST(Holidays, ReadsTheWordsOfARule) {
  HolidayRule rule;
  EXPECT_TRUE(parse_holiday_day("wed before 11-23", rule));
  EXPECT_EQ(*rule.in(2022), day(2022, 11, 16));
  EXPECT_EQ(*rule.in(2028), day(2028, 11, 22));
  EXPECT_FALSE(parse_holiday_day("13-01", rule));
  EXPECT_FALSE(parse_holiday_day("easter", rule));
  EXPECT_FALSE(parse_holiday_day("xyz before 11-23", rule));
}

TEST(ZoneRule, FollowsThePosixText) {
  const auto berlin = ZoneRule::parse("CET-1CEST,M3.5.0,M10.5.0/3");
  ASSERT_TRUE(berlin);
  const auto changes = berlin->changes(2026);
  EXPECT_EQ(changes[0].begin_s, 1'774'746'000);  // 2026-03-29T01:00:00Z
  EXPECT_EQ(changes[0].offset_s, 7200);
  EXPECT_EQ(changes[1].begin_s, 1'792'890'000);  // 2026-10-25T01:00:00Z
  EXPECT_EQ(changes[1].offset_s, 3600);
}
TEST(ZoneRule, KnowsNegativeSummerTimeNamesInAnglesAndSouthernYears) {
  const auto dublin = ZoneRule::parse("IST-1GMT0,M10.5.0,M3.5.0/1");
  ASSERT_TRUE(dublin);
  EXPECT_EQ(dublin->changes(2026)[0].begin_s, 1'774'746'000);
  EXPECT_EQ(dublin->changes(2026)[0].offset_s, 3600);
  const auto howe = ZoneRule::parse("<+1030>-10:30<+11>-11,M10.1.0,M4.1.0");
  ASSERT_TRUE(howe);
  EXPECT_EQ(howe->changes(2026)[0].offset_s, 37'800);
  EXPECT_FALSE(ZoneRule::parse("JST-9")->has_daylight());
  EXPECT_FALSE(ZoneRule::parse(""));
  EXPECT_FALSE(ZoneRule::parse("CET-1CEST,M3.5.0"));
}

}  // namespace
}  // namespace baton
