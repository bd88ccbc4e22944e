#include "gateway/core/calendar/calendar_policy.h"
#include "gateway/core/routing/routing_load.h"
#include "gateway/core/routing/routing_shifts.h"

#include <gmock/gmock.h>

#include "mapping/json/json.h"
#include "mapping/schema/schema.h"
#include "mapping/schema/yaml.h"
#include "tests/core/routing/routing_fixture.h"

namespace baton {
namespace {

using testing::HasSubstr;

constexpr std::string_view kCalendars = R"(calendars:
  bavaria: {zone: Europe/Berlin, windows: {mon-fri: ["09:00-17:00"]}, holidays: DE-BY}
  berlin: {zone: Europe/Berlin, windows: {mon-fri: ["09:00-17:00"]}, holidays: DE-BE}
)";

struct Office {
  std::shared_ptr<const RoutingPolicy> policy;
  CalendarSet calendars;
  Findings findings;
};

Office load(const std::string& reps, const std::string& pool = "") {
  Office o;
  o.calendars = load_calendars(parse_yaml(kCalendars, "calendars.yaml", o.findings), o.findings);
  const auto yaml = parse_yaml("reps:\n" + reps + "pools:\n  - {id: sales, members: [{rep: anna}]" +
                                   pool + "}\ncatch_all: {pool: sales}\n",
                               "routing.yaml", o.findings);
  append(o.findings, check_schema(yaml, "routing"));
  o.policy = load_routing(yaml, o.findings);
  if (o.policy) add_shift_calendars(yaml, *o.policy, o.calendars, o.findings);
  return o;
}

std::string anna(const std::string& more) {
  return "  - {id: anna, name: Anna Beispiel, email: anna@example.com, calendar: bavaria, " + more +
         "}\n";
}

std::string answer_at(const Office& o, std::string_view when) {
  const auto answer = pick({}, request(1), *o.policy, o.calendars, at(when)).second;
  if (!answer.rep.empty()) return answer.rep.str();
  const auto reason = find_reason(answer.reasons, "pool.excluded", "anna");
  const auto until = answer.retry_at ? to_rfc3339(*answer.retry_at) : "never";
  return std::string(text(reason->facts, "why")) + " " + until;
}

TEST(Shifts, ReplaceTheCalendarsWindows) {
  const auto o = load(anna(R"(shifts: {windows: {tue: ["07:00-12:00"], sat: ["10:00-14:00"]}})"));
  ASSERT_TRUE(o.findings.empty()) << to_string(o.findings.front());
  EXPECT_EQ(answer_at(o, "2026-03-09T10:00:00Z"), "day_off 2026-03-10T06:00:00Z");  // Monday
  EXPECT_EQ(answer_at(o, "2026-03-10T06:00:00Z"), "anna");
  EXPECT_EQ(answer_at(o, "2026-03-10T11:00:00Z"), "outside_hours 2026-03-14T09:00:00Z");
  EXPECT_EQ(answer_at(o, "2026-03-14T12:59:59Z"), "anna");
}

TEST(Shifts, OfASingleDayOverrideHolidaysAndWeekdays) {
  const auto o = load(anna(R"(shifts: {days: {"2026-04-06": ["10:00-12:00"], "2026-03-10": []}})"));
  ASSERT_TRUE(o.findings.empty()) << to_string(o.findings.front());
  EXPECT_EQ(answer_at(o, "2026-03-10T10:00:00Z"), "day_off 2026-03-11T08:00:00Z");
  EXPECT_EQ(answer_at(o, "2026-04-06T08:00:00Z"), "anna");  // Easter Monday, in summer time
  EXPECT_EQ(answer_at(o, "2026-04-06T10:00:00Z"), "outside_hours 2026-04-07T07:00:00Z");
  EXPECT_EQ(answer_at(o, "2026-04-03T10:00:00Z"), "holiday 2026-04-06T08:00:00Z");  // Good Friday
}

TEST(Shifts, AlsoCountTheBudgetsOfClocks) {
  const auto o = load(
      anna(R"(shifts: {windows: {mon: ["09:00-10:00"]}, days: {"2026-03-11": ["09:00-09:30"]}})"));
  const auto* calendar = o.calendars.find("shifts:anna");
  ASSERT_NE(calendar, nullptr);
  EXPECT_EQ(calendar->between(at("2026-03-09T00:00:00Z"), at("2026-03-16T00:00:00Z")).ms,
            minutes(90).ms);
  EXPECT_EQ(to_rfc3339(*calendar->add(at("2026-03-09T08:30:00Z"), minutes(45))),
            "2026-03-11T08:15:00Z");
}

TEST(Shifts, ThatOverlapAreRejectedWithTheirPlace) {
  const auto o = load(anna(R"(shifts: {windows: {mon: ["09:00-12:00", "11:00-15:00"]}})"));
  ASSERT_EQ(o.findings.size(), 1U);
  EXPECT_EQ(o.findings[0].code, "routing.bad_shift");
  EXPECT_EQ(o.findings[0].line, 2);
  EXPECT_THAT(o.findings[0].message, HasSubstr("overlap"));
}

TEST(RegionalHolidays, AreThoseOfTheRepsCalendar) {
  const auto o = load(anna("team: \"\""));
  auto berlin = *o.policy;
  berlin.reps[0].calendar = "berlin";
  const auto corpus_christi = at("2026-06-04T10:00:00Z");  // in Bavaria, not in Berlin
  EXPECT_EQ(answer_at(o, "2026-06-04T10:00:00Z"), "holiday 2026-06-05T07:00:00Z");
  EXPECT_EQ(pick({}, request(1), berlin, o.calendars, corpus_christi).second.rep, "anna");
}

TEST(Workdays, GiveLeadsAtAnyHourOfADayOnWhichTheRepWorks) {
  const auto o = load(anna("team: \"\""), ", hours: workdays");
  EXPECT_EQ(answer_at(o, "2026-03-09T22:30:00Z"), "anna");  // Monday night
  EXPECT_EQ(answer_at(o, "2026-03-14T10:00:00Z"),
            "day_off 2026-03-15T23:00:00Z");  // Saturday, until Monday begins
  EXPECT_EQ(answer_at(o, "2026-06-04T10:00:00Z"), "holiday 2026-06-04T22:00:00Z");
}

TEST(Employment, BeginsAndEndsWithItsDaysInTheRepsZone) {
  const auto o = load(anna("from: 2026-03-10, until: 2026-03-11"), ", hours: ignore");
  EXPECT_EQ(answer_at(o, "2026-03-09T22:59:59Z"), "not_yet 2026-03-09T23:00:00Z");
  EXPECT_EQ(answer_at(o, "2026-03-09T23:00:00Z"), "anna");
  EXPECT_EQ(answer_at(o, "2026-03-11T22:59:59Z"), "anna");
  EXPECT_EQ(answer_at(o, "2026-03-11T23:00:00Z"), "left never");
}

}  // namespace
}  // namespace baton
