#include "mapping/icalendar.h"

#include <algorithm>
#include <chrono>

#include <fmt/format.h>
#include <gtest/gtest.h>

namespace baton {
namespace {

namespace ch = std::chrono;

std::int32_t day(int year, unsigned month, unsigned d) {
  return static_cast<std::int32_t>(
      ch::sys_days{ch::year{year} / ch::month{month} / ch::day{d}}.time_since_epoch().count());
}

std::string calendar(std::string_view events) {
  return fmt::format(
      "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//example//EN\r\n{}END:VCALENDAR\r\n", events);
}

std::string event(std::string_view lines) {
  return fmt::format(
      "BEGIN:VEVENT\r\nUID:1@example.com\r\nDTSTAMP:20260101T000000Z\r\n{}END:VEVENT\r\n", lines);
}

using Days = std::vector<std::int32_t>;

TEST(ICalendar, AnEventWithoutEndCoversItsDay) {
  EXPECT_EQ(
      *all_day_events(calendar(event("DTSTART;VALUE=DATE:20261224\r\nSUMMARY:Betriebsfrei\r\n"))),
      Days{day(2026, 12, 24)});
}
TEST(ICalendar, TheEndIsNotIncluded) {
  EXPECT_EQ(*all_day_events(
                calendar(event("DTSTART;VALUE=DATE:20261228\r\nDTEND;VALUE=DATE:20261231\r\n"))),
            (Days{day(2026, 12, 28), day(2026, 12, 29), day(2026, 12, 30)}));
}
TEST(ICalendar, CountsRepeatsUntilTheirEndWithoutExceptions) {
  const auto days =
      *all_day_events(calendar(event("DTSTART;VALUE=DATE:20241224\r\nRRULE:FREQ=YEARLY;COUNT="
                                     "4\r\nEXDATE;VALUE=DATE:20251224\r\n")));
  EXPECT_EQ(days, (Days{day(2024, 12, 24), day(2026, 12, 24), day(2027, 12, 24)}));
}
TEST(ICalendar, ARepeatWithoutEndStopsWithTheCentury) {
  const auto days =
      *all_day_events(calendar(event("DTSTART;VALUE=DATE:20260102\r\nRRULE:FREQ=YEARLY\r\n")));
  EXPECT_EQ(days.size(), 74u);
  EXPECT_EQ(days.back(), day(2099, 1, 2));
}
TEST(ICalendar, TimedAndCancelledEventsDoNotCount) {
  const std::string closed = event("DTSTART;VALUE=DATE:20260102\r\n");
  EXPECT_EQ(all_day_events(
                calendar(closed + event("DTSTART:20260105T090000Z\r\nDTEND:20260105T100000Z\r\n") +
                         event("DTSTART;VALUE=DATE:20260107\r\nSTATUS:CANCELLED\r\n") +
                         event("DTSTART;VALUE=DATE:20260108\r\nRRULE:FREQ=SECONDLY\r\n")))
                ->size(),
            1u);
}
TEST(ICalendar, RefusesOtherTextsAndCalendarsWithoutDays) {
  EXPECT_FALSE(all_day_events("hello").has_value());
  EXPECT_FALSE(all_day_events("").has_value());
  EXPECT_FALSE(all_day_events(calendar("")).has_value());
  EXPECT_FALSE(all_day_events(std::string(2 << 20, 'x')).has_value());
}

}  // namespace
}  // namespace baton
