#include "gateway/cli/cmd_calendar.h"

#include <iostream>

#include <fmt/format.h>

#include "gateway/app/config/deployment.h"
#include "gateway/cli/output.h"
#include "gateway/core/calendar/calendar_json.h"
#include "gateway/platform/exit_code.h"
#include "mapping/json/json.h"
#include "mapping/schema/schema.h"

namespace baton {
namespace {

json::object answer_line(const std::string& line) {
  const auto parsed = parse_json(line);
  if (!parsed) return {{"error", parsed.error().message}};
  if (!parsed->is_object()) return {{"error", "a line must contain one JSON object"}};
  const auto due = calendar_due(parsed->get_object());
  return due ? *due : json::object{{"error", due.error().message}};
}

// Prints one answer for each line, and an error object for an invalid line. Returns kExitFailed if
// any line was invalid.
int from_stdin() {
  int code = kExitOk;
  std::string line;
  while (std::getline(std::cin, line)) {
    if (line.find_first_not_of(" \t\r") == std::string::npos) continue;
    const json::object answer = answer_line(line);
    if (answer.contains("error")) code = kExitFailed;
    print(json::serialize(answer));
  }
  return code;
}

std::vector<std::string> names_of(const CalendarSet& set) {
  std::vector<std::string> names;
  for (const auto& [name, calendar] : set.calendars) names.push_back(name);
  return names;
}

}  // namespace

int cmd_calendar_due(const CalendarOptions& options) {
  if (options.from_stdin) return from_stdin();
  const auto start = parse_rfc3339(options.start);
  const auto budget = parse_duration(options.budget);
  if (!start || !budget) {
    complain(
        "give --start as RFC 3339 (2026-03-09T09:00:00Z) and --budget as a duration (4h); or "
        "--stdin");
    return kExitUsage;
  }
  Findings findings;
  const Deployment deployment = load_deployment(options.config, findings);
  if (!deployment.policy) {
    complain(findings);
    return kExitConfig;
  }
  const auto& calendars = deployment.policy->calendars;
  const BusinessCalendar* calendar = calendars.find(options.calendar);
  if (calendar == nullptr) {
    const std::string meant = did_you_mean(options.calendar, names_of(calendars));
    complain(fmt::format("no calendar \"{}\"{}", options.calendar,
                         meant.empty() ? "" : "; did you mean " + meant + "?"));
    return kExitUsage;
  }
  const auto due = calendar->add(*start, *budget);
  if (!due) {
    complain("not due within ten years");
    return kExitFailed;
  }
  print(json::serialize(json::object{{"due", to_rfc3339(*due)}}));
  return kExitOk;
}

}  // namespace baton
