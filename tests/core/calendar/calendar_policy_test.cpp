#include <chrono>

#include <gtest/gtest.h>

#include "gateway/core/calendar/calendar.h"
#include "gateway/core/calendar/calendar_policy.h"

namespace baton {
namespace {

// Calendars as a company writes them: closing days, added regions and an iCalendar file.

struct Loaded {
  Findings findings;
  CalendarSet set;
};

Loaded load(const std::string& text) {
  Loaded out;
  const auto yaml = parse_yaml(text, "policy/calendars.yaml", out.findings);
  out.set = load_calendars(yaml, out.findings);
  return out;
}

std::string office(const std::string& more) {
  return "calendars:\n  office:\n    zone: Europe/Berlin\n    windows: {mon-sun: "
         "[\"09:00-17:00\"]}\n" +
         more;
}

// The local day at noon.
bool open_on(const Loaded& loaded, const char* day) {
  return loaded.set.find("office")->is_open(*parse_rfc3339(std::string(day) + "T11:00:00Z"));
}

TEST(OwnCalendar, ClosingDaysMayRecurEveryYear) {
  const auto loaded =
      load(office("    closed: [\"12-24\", easter-1, \"wed before 11-23\", 1st fri of 09, "
                  "\"2026-12-28..2026-12-30\"]\n"));
  ASSERT_TRUE(loaded.findings.empty()) << to_string(loaded.findings.front());
  for (const char* closed :
       {"2026-12-24", "2031-12-24", "2026-04-04", "2026-11-18", "2026-09-04", "2026-12-29"})
    EXPECT_FALSE(open_on(loaded, closed)) << closed;
  for (const char* open : {"2026-12-23", "2026-04-05", "2026-12-31", "2027-12-29"})
    EXPECT_TRUE(open_on(loaded, open)) << open;
}
TEST(OwnCalendar, AMunicipalityMayBeAdded) {
  const auto loaded = load(office("    holidays: DE-BY-MUSTERSTADT\n") +
                           "holidays:\n  regions: [{code: DE-BY-MUSTERSTADT, parent: DE-BY}]\n"
                           "  rules: [{name: Stadtfest, on: 2nd mon of 07, from: 2026, regions: "
                           "[DE-BY-MUSTERSTADT]}]\n");
  ASSERT_TRUE(loaded.findings.empty()) << to_string(loaded.findings.front());
  EXPECT_FALSE(open_on(loaded, "2026-07-13"));
  EXPECT_EQ(loaded.set.find("office")->why_closed(*parse_rfc3339("2026-07-13T10:00:00Z")),
            "holiday:Stadtfest");
  EXPECT_TRUE(open_on(loaded, "2025-07-14"));
  EXPECT_FALSE(open_on(loaded, "2026-01-06"));  // Bavaria's
}
TEST(OwnCalendar, AnICalendarFileClosesItsDays) {
  const auto loaded =
      load(office("    ical: "
                  "\"BEGIN:VCALENDAR\\nVERSION:2.0\\nPRODID:x\\nBEGIN:VEVENT\\nUID:1\\nDTSTAMP:"
                  "20260101T000000Z\\n"
                  "DTSTART;VALUE=DATE:20260810\\nDTEND;VALUE=DATE:20260812\\nEND:VEVENT\\nEND:"
                  "VCALENDAR\\n\"\n"));
  ASSERT_TRUE(loaded.findings.empty()) << to_string(loaded.findings.front());
  EXPECT_FALSE(open_on(loaded, "2026-08-10"));
  EXPECT_FALSE(open_on(loaded, "2026-08-11"));
  EXPECT_TRUE(open_on(loaded, "2026-08-12"));
}
TEST(OwnCalendar, ReportsEveryErrorWithItsPlace) {
  const auto loaded = load(
      office("    closed: [\"24.12.\"]\n") +
      "  other:\n    zone: Europe/Berlin\n    windows: {mon: [\"09:00-17:00\"]}\n    ical: "
      "nothing\n"
      "holidays:\n  regions:\n    - {code: DE-BY}\n    - {code: X-1, parent: DE-BX}\n  rules:\n"
      "    - {name: a, on: 31.12., regions: [X-1]}\n    - {name: b, on: \"12-31\", regions: "
      "[DE-XY]}\n"
      "    - {name: c, on: \"12-31\", from: 2027, until: 2026, regions: [X-1]}\n"
      "    - {name: d, on: \"12-31\", only_on: [monday], regions: [X-1]}\n");
  std::vector<std::pair<std::string, int>> told;
  for (const auto& f : loaded.findings) told.emplace_back(f.code, f.line);
  const std::vector<std::pair<std::string, int>> wanted{
      {"calendar.bad_holidays", 12}, {"calendar.bad_holidays", 13}, {"calendar.bad_holidays", 15},
      {"calendar.bad_holidays", 16}, {"calendar.bad_holidays", 17}, {"calendar.bad_holidays", 18},
      {"calendar.invalid", 5},       {"calendar.invalid", 9}};
  EXPECT_EQ(told, wanted);
}

}  // namespace
}  // namespace baton
