#include "gateway/core/calendar/calendar_json.h"

#include <cmath>
#include <unordered_map>

#include <fmt/format.h>

#include "gateway/core/calendar/calendar_spec.h"
#include "mapping/json/json.h"
#include "mapping/schema/schema.h"

namespace baton {
namespace {

constexpr std::size_t kKept = 64;  // compiled calendars, about 150 kB each
const std::vector<std::string> kMembers{"zone",   "windows", "holidays",
                                        "closed", "start",   "budget_s"};

Error bad_request(std::string message, std::string where) {
  return error(Errc::kInvalidInput, std::move(message), std::move(where));
}

Status check_members(const json::object& line) {
  for (const auto& m : line) {
    const std::string key(m.key());
    if (std::find(kMembers.begin(), kMembers.end(), key) != kMembers.end()) continue;
    const std::string near = did_you_mean(key, kMembers);
    return bad_request(fmt::format("unknown member \"{}\"{}", key,
                                   near.empty() ? "" : fmt::format("; did you mean \"{}\"?", near)),
                       "/" + key);
  }
  return {};
}

std::string key_of(const json::object& line) {
  std::string key;
  for (const char* name : {"zone", "windows", "holidays", "closed"}) {
    if (const auto* v = line.if_contains(name)) key += json::serialize(*v);
    key += '\n';
  }
  return key;
}

Result<const BusinessCalendar*> calendar_of(const json::object& line) {
  thread_local std::unordered_map<std::string, BusinessCalendar> kept;
  std::string key = key_of(line);
  if (const auto found = kept.find(key); found != kept.end()) return &found->second;
  auto spec = read_calendar_spec(line);
  if (!spec) return spec.error();
  auto calendar = BusinessCalendar::make(std::move(*spec));
  if (!calendar) return calendar.error();
  if (kept.size() >= kKept) kept.clear();
  return &kept.emplace(std::move(key), std::move(*calendar)).first->second;
}

// Seconds, with a fraction down to the millisecond.
Result<Duration> budget_of(const json::object& line) {
  constexpr std::int64_t kLimit = 10LL * 366 * 86'400;
  const auto* v = member(line, "budget_s");
  if (v == nullptr || !v->is_number())
    return bad_request("\"budget_s\" is missing: seconds of open time", "/budget_s");
  const double approximate = v->to_number<double>();
  if (approximate < 0) return bad_request("\"budget_s\" is negative", "/budget_s");
  if (approximate > static_cast<double>(kLimit))
    return bad_request("\"budget_s\" is more than ten years", "/budget_s");
  if (v->is_double()) return milliseconds(std::llround(v->get_double() * 1000));
  return seconds(v->to_number<std::int64_t>());
}

}  // namespace

Result<json::object> calendar_due(const json::object& line) {
  if (auto checked = check_members(line); !checked) return checked.error();
  const auto start = parse_rfc3339(text(line, "start"));
  if (!start)
    return bad_request(
        "\"start\" is missing or not RFC 3339 with a zone, such as \"2026-03-09T09:00:00Z\"",
        "/start");
  const auto budget = budget_of(line);
  if (!budget) return budget.error();
  const auto calendar = calendar_of(line);
  if (!calendar) return calendar.error();
  const auto due = (*calendar)->add(*start, *budget);
  if (!due) return bad_request("not due within ten years", "/budget_s");
  return json::object{{"due", to_rfc3339(*due)}};
}

}  // namespace baton
