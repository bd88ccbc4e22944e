#include "gateway/core/calendar/calendar_policy.h"

#include <fmt/format.h>

#include "gateway/core/calendar/calendar.h"
#include "gateway/core/calendar/calendar_spec.h"
#include "gateway/core/calendar/holidays.h"
#include "mapping/json/json.h"
#include "mapping/schema/schema.h"

namespace baton {
namespace {

void load_one(const YamlDocument& yaml, const std::string& name, const json::object& o,
              const std::shared_ptr<const HolidayTable>& table, CalendarSet& set,
              Findings& findings) {
  const std::string pointer = "/calendars/" + name;
  const auto refuse = [&](const Error& e) {
    findings.push_back(yaml.finding(pointer + e.where, e.message, "calendar.invalid"));
  };
  auto spec = read_calendar_spec(o);
  if (!spec) return refuse(spec.error());
  spec->name = name;
  spec->table = table;
  auto calendar = BusinessCalendar::make(std::move(*spec));
  if (!calendar) return refuse(calendar.error());
  set.calendars.emplace(name, std::move(*calendar));
}

}  // namespace

CalendarSet load_calendars(const YamlDocument& yaml, Findings& findings) {
  CalendarSet set;
  Findings faults = check_schema(yaml, "calendars");
  const bool usable = !has_errors(faults);
  append(findings, std::move(faults));
  const auto* root = yaml.value.if_object();
  const auto* calendars = usable && root != nullptr ? object(*root, "calendars") : nullptr;
  if (calendars == nullptr) return set;
  auto table = HolidayTable::built_in();
  if (const auto* own = object(*root, "holidays"))
    table = HolidayTable::with(yaml, *own, "/holidays", findings);
  for (const auto& [name, calendar] : *calendars) {
    load_one(yaml, std::string(name), calendar.get_object(), table, set, findings);
  }
  std::string text;
  for (const auto& [name, calendar] : set.calendars)
    text += fmt::format("{} {}\n", name, calendar.hash());
  set.hash = sha256_hex(text);
  return set;
}

}  // namespace baton
