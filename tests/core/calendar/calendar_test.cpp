#include "gateway/core/calendar/calendar.h"

#include <gtest/gtest.h>

namespace baton {
namespace {

Instant at(const char* text) { return *parse_rfc3339(text); }

BusinessCalendar::Spec spec(int from_day, int to_day, std::vector<LocalWindow> windows,
                            std::string region = {}, std::string zone = "Europe/Berlin") {
  BusinessCalendar::Spec s;
  s.zone = std::move(zone);
  s.region = std::move(region);
  for (int day = from_day; day <= to_day; ++day) s.windows[day] = windows;
  return s;
}

constexpr LocalWindow hours_of(int open, int close) { return {open * 3600, close * 3600}; }

BusinessCalendar make(BusinessCalendar::Spec s) {
  auto made = BusinessCalendar::make(std::move(s));
  EXPECT_TRUE(made.has_value()) << (made ? "" : made.error().message);
  return std::move(*made);
}

BusinessCalendar office(std::string region = {}) {
  return make(spec(0, 4, {hours_of(9, 17)}, std::move(region)));
}
BusinessCalendar around_the_clock() { return make(spec(0, 6, {hours_of(0, 24)})); }

std::string due(const BusinessCalendar& calendar, const char* start, Duration budget) {
  const auto result = calendar.add(at(start), budget);
  return result ? to_rfc3339(*result) : "none";
}

TEST(Calendar, StartsAtTheNextOpeningAfterAWeekendV1) {
  EXPECT_EQ(due(office(), "2026-03-07T15:00:00+01:00", hours(1)), "2026-03-09T09:00:00Z");
}
TEST(Calendar, CarriesTheRestOverTheWeekendV2) {
  EXPECT_EQ(due(office(), "2026-03-06T16:30:00+01:00", hours(1)), "2026-03-09T08:30:00Z");
}
TEST(Calendar, SkipsEpiphanyInBavariaButNotInNorthRhineWestphaliaV3) {
  EXPECT_EQ(due(office("DE-BY"), "2026-01-05T16:30:00+01:00", hours(1)), "2026-01-07T08:30:00Z");
  EXPECT_EQ(due(office("DE-NW"), "2026-01-05T16:30:00+01:00", hours(1)), "2026-01-06T08:30:00Z");
}
TEST(Calendar, DoesNotCountTheLunchBreakV4) {
  const auto calendar = make(spec(0, 4, {hours_of(8, 12), {48'600, 64'800}}));
  EXPECT_EQ(due(calendar, "2026-03-09T11:30:00+01:00", hours(2)), "2026-03-09T14:00:00Z");
}
TEST(Calendar, CountsElapsedTimeOverTheSpringChangeV5) {
  EXPECT_EQ(due(around_the_clock(), "2026-03-28T23:30:00+01:00", hours(4)), "2026-03-29T02:30:00Z");
}
TEST(Calendar, CountsElapsedTimeOverTheAutumnChangeV6) {
  EXPECT_EQ(due(around_the_clock(), "2026-10-24T23:30:00+02:00", hours(4)), "2026-10-25T01:30:00Z");
}
TEST(Calendar, CountsBothPassesOfTheAutumnHourV7) {
  const auto calendar = make(spec(6, 6, {hours_of(0, 10)}));
  EXPECT_EQ(due(calendar, "2026-10-25T02:30:00+02:00", hours(1)), "2026-10-25T01:30:00Z");
  EXPECT_EQ(calendar.between(at("2026-10-24T00:00:00Z"), at("2026-10-26T00:00:00Z")), hours(11));
}
TEST(Calendar, LosesTheHourThatSpringSkipsV8) {
  const auto calendar = make(spec(6, 6, {hours_of(0, 10)}));
  EXPECT_EQ(due(calendar, "2026-03-29T01:30:00+01:00", hours(1)), "2026-03-29T01:30:00Z");
  EXPECT_EQ(calendar.between(at("2026-03-28T12:00:00Z"), at("2026-03-30T00:00:00Z")), hours(9));
}
TEST(Calendar, LosesNoMinuteAtMidnightV9) {
  EXPECT_EQ(due(around_the_clock(), "2026-03-09T23:30:00+01:00", hours(1)), "2026-03-09T23:30:00Z");
}
TEST(Calendar, WarnsOneWorkingHourBeforeTheDeadlineV10) {
  const auto calendar = make(spec(0, 4, {hours_of(8, 18)}));
  EXPECT_EQ(due(calendar, "2026-03-09T17:00:00+01:00", hours(4)), "2026-03-10T10:00:00Z");
  EXPECT_EQ(due(calendar, "2026-03-09T17:00:00+01:00", hours(4) - hours(1)),
            "2026-03-10T09:00:00Z");
}
TEST(Calendar, ChristmasEveIsAWorkingDayV11) {
  EXPECT_EQ(due(office("DE-BY"), "2026-12-24T16:00:00+01:00", hours(2)), "2026-12-28T09:00:00Z");
}
TEST(Calendar, AugsburgCelebratesItsPeaceDayV12) {
  EXPECT_EQ(due(office("DE-BY-AUGSBURG"), "2028-08-07T16:30:00+02:00", hours(1)),
            "2028-08-09T07:30:00Z");
}
TEST(Calendar, WindowsAreHalfOpenV13V14) {
  EXPECT_EQ(due(office(), "2026-03-09T17:00:00+01:00", seconds(1)), "2026-03-10T08:00:01Z");
  EXPECT_EQ(due(office(), "2026-03-09T16:59:59+01:00", seconds(1)), "2026-03-09T16:00:00Z");
}

TEST(Calendar, AWindowThatOpensInTheGapOpensAtTheChange) {
  const auto calendar = make(spec(6, 6, {{2 * 3600 + 1800, 4 * 3600}}));  // 02:30-04:00
  EXPECT_EQ(due(calendar, "2026-03-29T00:00:00Z", hours(1)), "2026-03-29T02:00:00Z");
  EXPECT_EQ(calendar.between(at("2026-03-29T00:00:00Z"), at("2026-03-29T12:00:00Z")), hours(1));
}
TEST(Calendar, AWindowWithinTheGapDoesNotHappen) {
  const auto calendar = make(spec(6, 6, {{2 * 3600, 3 * 3600}}));
  EXPECT_EQ(calendar.between(at("2026-03-29T00:00:00Z"), at("2026-03-29T12:00:00Z")), Duration{});
  EXPECT_EQ(due(calendar, "2026-03-29T00:00:00Z", minutes(30)), "2026-04-05T00:30:00Z");
}
TEST(Calendar, AWindowThatEndsInTheGapEndsAtTheChange) {
  const auto calendar = make(spec(6, 6, {{3600, 2 * 3600 + 1800}}));  // 01:00-02:30
  EXPECT_EQ(calendar.between(at("2026-03-29T00:00:00Z"), at("2026-03-29T12:00:00Z")), hours(1));
}
TEST(Calendar, AWindowWithinTheRepeatedHourCountsTwice) {
  const auto calendar = make(spec(6, 6, {{2 * 3600, 2 * 3600 + 1800}}));  // 02:00-02:30
  EXPECT_EQ(due(calendar, "2026-10-24T23:00:00Z", minutes(45)), "2026-10-25T01:15:00Z");
  EXPECT_FALSE(calendar.is_open(at("2026-10-25T00:45:00Z")));
  EXPECT_EQ(to_rfc3339(*calendar.next_open(at("2026-10-25T00:45:00Z"))), "2026-10-25T01:00:00Z");
}
TEST(Calendar, AnEmptyBudgetIsDueAtTheNextOpenInstant) {
  EXPECT_EQ(due(office(), "2026-03-07T15:00:00+01:00", {}), "2026-03-09T08:00:00Z");
  EXPECT_EQ(due(office(), "2026-03-09T10:00:00Z", {}), "2026-03-09T10:00:00Z");
  EXPECT_EQ(due(office(), "2026-03-09T16:00:00Z", {}), "2026-03-10T08:00:00Z");
}
TEST(Calendar, KeepsMilliseconds) {
  EXPECT_EQ(due(office(), "2026-03-09T15:59:59.250Z", milliseconds(1500)),
            "2026-03-10T08:00:00.750Z");
}
TEST(Calendar, TouchingWindowsAreOneStretch) {
  const auto calendar = make(spec(0, 4, {hours_of(12, 17), hours_of(9, 12)}));
  EXPECT_EQ(due(calendar, "2026-03-09T08:00:00Z", hours(3)), "2026-03-09T11:00:00Z");
  EXPECT_EQ(due(calendar, "2026-03-09T08:00:00Z", hours(4)), "2026-03-09T12:00:00Z");
}
TEST(Calendar, KnowsSummerTimeBeyondTheSystemsTables) {
  EXPECT_EQ(due(office(), "2050-07-01T00:00:00Z", hours(1)), "2050-07-01T08:00:00Z");
  EXPECT_EQ(due(office(), "2050-12-01T00:00:00Z", hours(1)), "2050-12-01T09:00:00Z");
}
TEST(Calendar, GivesUpAfterTenYears) {
  const auto calendar = make(spec(6, 6, {{0, 1}}));
  EXPECT_EQ(due(calendar, "2026-01-01T00:00:00Z", hours(1)), "none");
  EXPECT_EQ(due(BusinessCalendar::always(), "2026-01-01T00:00:00Z", days(3'600)),
            "2035-11-10T00:00:00Z");
}
TEST(Calendar, SaysWhyAnInstantDoesNotCount) {
  auto s = spec(0, 4, {hours_of(9, 17)}, "DE-BY");
  s.closed_days = {20'811};  // 2026-12-24
  const auto calendar = make(s);
  EXPECT_EQ(calendar.why_closed(at("2026-01-06T10:00:00Z")), "holiday:Heilige Drei Könige");
  EXPECT_EQ(calendar.why_closed(at("2026-12-24T10:00:00Z")), "closed");
  EXPECT_EQ(calendar.why_closed(at("2026-03-07T10:00:00Z")), "closed");
  EXPECT_EQ(calendar.why_closed(at("2026-03-09T18:00:00Z")), "outside_hours");
  EXPECT_EQ(calendar.why_closed(at("2026-03-09T10:00:00Z")), "");
}
TEST(Calendar, TheHashCoversWhatAnAnswerDependsOn) {
  EXPECT_EQ(office("DE-BY").hash(), office("DE-BY").hash());
  EXPECT_NE(office("DE-BY").hash(), office("DE-NW").hash());
  EXPECT_NE(office().hash(), make(spec(0, 4, {hours_of(9, 18)})).hash());
  EXPECT_NE(office().hash(), make(spec(0, 4, {hours_of(9, 17)}, "", "Europe/London")).hash());
}
TEST(Calendar, RejectsInvalidCalendars) {
  const auto refused = [](BusinessCalendar::Spec s) {
    const auto made = BusinessCalendar::make(std::move(s));
    return made ? std::string("accepted") : made.error().message;
  };
  EXPECT_NE(refused(spec(0, 4, {hours_of(9, 17)}, "", "Europe/Berlim")).find("unknown time zone"),
            std::string::npos);
  EXPECT_NE(refused(spec(0, 4, {hours_of(9, 17)}, "DE-XX")).find("unknown holiday region"),
            std::string::npos);
  EXPECT_NE(refused(spec(0, 4, {hours_of(9, 17), hours_of(16, 18)})).find("overlap"),
            std::string::npos);
  EXPECT_NE(refused(spec(0, 4, {hours_of(9, 9)})).find("before it closes"), std::string::npos);
  EXPECT_NE(refused(spec(0, 4, {})).find("never open"), std::string::npos);
}
TEST(Calendar, AlwaysCountsEverySecond) {
  const auto& always = BusinessCalendar::always();
  EXPECT_EQ(due(always, "2026-03-28T23:59:59Z", seconds(2)), "2026-03-29T00:00:01Z");
  EXPECT_EQ(always.between(at("2026-01-01T00:00:00Z"), at("2027-01-01T00:00:00Z")), days(365));
}

}  // namespace
}  // namespace baton
