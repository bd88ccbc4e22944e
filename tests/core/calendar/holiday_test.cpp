#include <chrono>

#include <gtest/gtest.h>

#include "calendar_reference.h"
#include "gateway/core/calendar/calendar.h"
#include "gateway/core/calendar/holiday_rule.h"
#include "gateway/core/calendar/holidays.h"
#include "gateway/core/calendar/zone_rule.h"

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
TEST(Holidays, EveryRegionOfTheFileIsKnownAndNoStateIsMissing) {
  EXPECT_EQ(holiday_regions().size(), 21U + 19U + 37U);  // Germany, Austria, Switzerland
  for (const std::string& region : holiday_regions())
    EXPECT_GE(holidays(region, 2026)->size(), region.starts_with("CH") ? 4U : 9U) << region;
  EXPECT_FALSE(holidays("FR", 2026).has_value());
  EXPECT_FALSE(holidays("DE", 1999).has_value());
}
// Days as the cantons and the Austrian law publish them.
TEST(Holidays, AustriaIsOneAndPatronsAreSeparate) {
  EXPECT_EQ(holidays("AT-9", 2026)->size(), 13U);
  EXPECT_TRUE(holds("AT-2", day(2026, 10, 26), 2026));
  EXPECT_FALSE(holds("AT-2", day(2026, 10, 10), 2026));
  EXPECT_TRUE(holds("AT-2-LANDESPATRON", day(2026, 10, 10), 2026));
  EXPECT_TRUE(holds("AT-4-LANDESPATRON", day(2003, 11, 15), 2003));
  EXPECT_FALSE(holds("AT-4-LANDESPATRON", day(2004, 11, 15), 2004));
}
TEST(Holidays, CantonsDiffer) {
  EXPECT_EQ(holidays("CH", 2026)->size(), 4U);
  EXPECT_TRUE(holds("CH-ZH", day(2026, 5, 1), 2026));
  EXPECT_FALSE(holds("CH-BE", day(2026, 5, 1), 2026));
  EXPECT_TRUE(holds("CH-GE", day(2026, 9, 10), 2026));
  EXPECT_TRUE(holds("CH-VD", day(2026, 9, 21), 2026));
  EXPECT_FALSE(holds("CH-VS", day(2026, 4, 3), 2026));
  EXPECT_FALSE(holds("CH-ZG", day(2026, 4, 6), 2026));
  EXPECT_TRUE(holds("CH-ZG-UEBLICH", day(2026, 4, 6), 2026));
}
TEST(Holidays, TheNaefelserFahrtAvoidsHolyWeek) {
  EXPECT_TRUE(holds("CH-GL", day(2025, 4, 3), 2025));
  EXPECT_FALSE(holds("CH-GL", day(2026, 4, 2), 2026));  // Maundy Thursday
  EXPECT_TRUE(holds("CH-GL", day(2026, 4, 9), 2026));
}
TEST(Holidays, SomeApplyOnlyOnCertainWeekdays) {
  EXPECT_TRUE(holds("CH-NE", day(2023, 1, 2), 2023));  // a Monday
  EXPECT_FALSE(holds("CH-NE", day(2026, 1, 2), 2026));
  EXPECT_FALSE(holds("CH-AR", day(2026, 12, 26), 2026));  // a Saturday
  EXPECT_TRUE(holds("CH-AR", day(2025, 12, 26), 2025));
}

TEST(Holidays, EasterAgreesWithTheAlmanac) {
  EXPECT_EQ(easter_sunday(2000), day(2000, 4, 23));
  EXPECT_EQ(easter_sunday(2008), day(2008, 3, 23));
  EXPECT_EQ(easter_sunday(2038), day(2038, 4, 25));
  EXPECT_EQ(easter_sunday(2076), day(2076, 4, 19));
}
TEST(Holidays, ParsesTheDayOfARule) {
  HolidayRule rule;
  EXPECT_TRUE(parse_holiday_day("wed before 11-23", rule));
  EXPECT_EQ(*rule.in(2022), day(2022, 11, 16));
  EXPECT_EQ(*rule.in(2028), day(2028, 11, 22));
  EXPECT_FALSE(parse_holiday_day("13-01", rule));
  EXPECT_TRUE(parse_holiday_day("easter", rule));
  EXPECT_EQ(*rule.in(2026), day(2026, 4, 5));
  EXPECT_TRUE(parse_holiday_day("1st sun of 09 +4", rule));
  EXPECT_EQ(*rule.in(2026), day(2026, 9, 10));
  EXPECT_TRUE(parse_holiday_day("5th mon of 02", rule));
  EXPECT_FALSE(rule.in(2026).has_value());
  EXPECT_TRUE(rule.in(2044).has_value());  // 29 February 2044 is a Monday
  for (const char* wrong : {"easter+", "easter+x", "6th sun of 09", "1st sun of 13",
                            "1st sun of 09 4x", "1st sun of", "1st xyz of 09"})
    EXPECT_FALSE(parse_holiday_day(wrong, rule)) << wrong;
  EXPECT_FALSE(parse_holiday_day("xyz before 11-23", rule));
}

TEST(ZoneRule, FollowsThePosixFormat) {
  const auto berlin = ZoneRule::parse("CET-1CEST,M3.5.0,M10.5.0/3");
  ASSERT_TRUE(berlin);
  const auto changes = berlin->changes(2026);
  EXPECT_EQ(changes[0].begin_s, 1'774'746'000);  // 2026-03-29T01:00:00Z
  EXPECT_EQ(changes[0].offset_s, 7200);
  EXPECT_EQ(changes[1].begin_s, 1'792'890'000);  // 2026-10-25T01:00:00Z
  EXPECT_EQ(changes[1].offset_s, 3600);
}
TEST(ZoneRule, SupportsNegativeSummerTimeNamesInAnglesAndSouthernYears) {
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
