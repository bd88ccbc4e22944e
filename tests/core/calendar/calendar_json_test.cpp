#include "gateway/core/calendar/calendar_json.h"
#include "gateway/core/calendar/calendar_policy.h"

#include <fstream>

#include <gtest/gtest.h>

#include "gateway/core/calendar/calendar.h"
#include "mapping/json/json.h"
#include "tests/support/source_dir.h"

namespace baton {
namespace {

std::string due(std::string_view line) {
  const auto result = calendar_due(parse_json(line)->as_object());
  return result ? json::serialize(*result)
                : "error " + result.error().where + ": " + result.error().message;
}

TEST(CalendarLine, AnswersWithTheDueInstantInUtc) {
  EXPECT_EQ(
      due(R"({"zone":"Europe/Berlin","windows":{"mon":[["09:00","17:00"]],"tue":[["09:00","17:00"]]},)"
          R"("holidays":"DE-BY","start":"2026-03-07T15:00:00+01:00","budget_s":3600})"),
      R"({"due":"2026-03-09T09:00:00Z"})");
}
TEST(CalendarLine, AcceptsDayRangesWholeDaysAndFractions) {
  EXPECT_EQ(due(R"({"zone":"Asia/Kolkata","windows":{"sat-mon":["00:00-24:00"]},"holidays":null,)"
                R"("start":"2026-03-09T18:29:59Z","budget_s":1.5})"),
            R"({"due":"2026-03-13T18:30:00.500Z"})");
}
TEST(CalendarLine, ClosesOnCompanyDays) {
  EXPECT_EQ(
      due(R"({"zone":"UTC","windows":{"mon-sun":["00:00-24:00"]},"closed":["2026-12-24..2026-12-26"],)"
          R"("start":"2026-12-24T00:00:00Z","budget_s":1})"),
      R"({"due":"2026-12-27T00:00:01Z"})");
}

struct Fault {
  const char* line;
  const char* where;
};

TEST(CalendarLine, ReportsErrorsWithTheirPlace) {
  constexpr const char* kRest = R"("start":"2026-03-07T15:00:00Z","budget_s":60})";
  const Fault faults[] = {
      {R"({"windows":{"mon":[["09:00","17:00"]]},)", "/zone:"},
      {R"({"zone":"Europe/Berlin",)", "/windows:"},
      {R"({"zone":"Europe/Berlin","windows":{},)", "/windows:"},
      {R"({"zone":"Europe/Berlin","windows":{"mon":[["9","17:00"]]},)", "/windows/mon/0:"},
      {R"({"zone":"Europe/Berlin","windows":{"mon":[["22:00","06:00"]]},)", "/windows/mon/0:"},
      {R"({"zone":"Europe/Berlin","windows":{"mon":[["09:00","24:01"]]},)", "/windows/mon/0:"},
      {R"({"zone":"Europe/Berlin","windows":{"mon":["09:00-12:00","11:00-13:00"]},)", "/windows:"},
      {R"({"zone":"Europe/Berlin","windows":{"montag":[["09:00","17:00"]]},)", "/windows/montag:"},
      {R"({"zone":"Europe/Berlin","windows":{"mon":[["09:00","17:00"]]},"holidays":"DE-ZZ",)",
       "/holidays:"},
      {R"({"zone":"Europe/Berlim","windows":{"mon":[["09:00","17:00"]]},)", "/zone:"},
      {R"({"zone":"Europe/Berlin","windows":{"mon":[["09:00","17:00"]]},"closed":["2026-02-30"],)",
       "/closed/0:"},
      {R"({"zone":"Europe/Berlin","windows":{"mon":[["09:00","17:00"]]},"holiday":"DE",)",
       "/holiday:"},
  };
  for (const Fault& fault : faults) {
    const std::string said = due(std::string(fault.line) + kRest);
    EXPECT_TRUE(said.starts_with("error " + std::string(fault.where))) << fault.line << '\n'
                                                                       << said;
  }
  EXPECT_NE(
      due(R"({"zone":"UTC","windows":{"mon":["09:00-10:00"]},"start":"2026-03-07","budget_s":1})")
          .find("/start"),
      std::string::npos);
  EXPECT_NE(
      due(R"({"zone":"UTC","windows":{"mon":["09:00-10:00"]},"start":"2026-03-07T00:00:00Z","budget_s":-1})")
          .find("negative"),
      std::string::npos);
}

TEST(CalendarPolicy, LoadsTheCalendarsOfAFile) {
  Findings findings;
  const auto yaml = parse_yaml(
      "calendars:\n  office:\n    zone: Europe/Berlin\n    windows:\n      mon-fri: "
      "[\"09:00-17:00\"]\n    holidays: DE-BY\n  night:\n    zone: UTC\n    windows: {mon: "
      "[[\"00:00\", \"06:00\"]]}\n",
      "policy/calendars.yaml", findings);
  const CalendarSet set = load_calendars(yaml, findings);
  ASSERT_TRUE(findings.empty()) << to_string(findings.front());
  ASSERT_NE(set.find("office"), nullptr);
  EXPECT_EQ(set.find("office")->spec().region, "DE-BY");
  EXPECT_EQ(set.find("nowhere"), nullptr);
  ASSERT_NE(set.find("always"), nullptr);
  EXPECT_TRUE(set.find("always")->is_open(Instant{1'770'000'000'000}));
  EXPECT_EQ(set.hash.size(), 64U);
}
TEST(CalendarPolicy, TheTemplateIsValid) {
  std::ifstream in(source_dir() + "/gateway/cli/templates/policy/calendars.yaml");
  const std::string text((std::istreambuf_iterator<char>(in)), std::istreambuf_iterator<char>());
  Findings findings;
  const CalendarSet set =
      load_calendars(parse_yaml(text, "policy/calendars.yaml", findings), findings);
  EXPECT_TRUE(findings.empty()) << to_string(findings.front());
  EXPECT_NE(set.find("office"), nullptr);
}
TEST(CalendarPolicy, ReportsEveryInvalidCalendar) {
  Findings findings;
  const auto yaml = parse_yaml(
      "calendars:\n  a:\n    zone: Europe/Berlin\n    windows: {mon: [\"17:00-09:00\"]}\n  b:\n    "
      "zone: Europe/Nowhere\n    windows: {mon: [\"09:00-17:00\"]}\n",
      "policy/calendars.yaml", findings);
  load_calendars(yaml, findings);
  ASSERT_EQ(findings.size(), 2U);
  EXPECT_EQ(findings[0].code, "calendar.invalid");
}

}  // namespace
}  // namespace baton
