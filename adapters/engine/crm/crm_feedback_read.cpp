#include "adapters/engine/crm/crm_feedback_read.h"

#include <algorithm>
#include <charconv>

#include "mapping/map/map_run.h"

namespace baton {
namespace {

constexpr std::int64_t kLeastMs = 100'000'000'000;  // smaller numbers are seconds

// Returns the value of `table` for the CRM's word `name`; "" if there is none.
std::string backwards(const ValueTables& tables, const std::string& table, std::string_view name) {
  const auto found = tables.find(table);
  if (found == tables.end()) return {};
  for (const auto& [ours, theirs] : found->second) {
    if (theirs == name) return ours;
  }
  return {};
}

void read_backwards(const CrmPlan& plan, Touch& touch) {
  for (const auto& [property, table] : plan.feedback->back) {
    const auto* value = touch.properties.if_contains(property);
    const auto* text = value == nullptr ? nullptr : value->if_string();
    if (text == nullptr) continue;
    if (const auto ours = backwards(plan.tables, table, {text->data(), text->size()});
        !ours.empty())
      touch.properties[property] = ours;
  }
}

}  // namespace

std::string feedback_text(const json::value& record, const std::string& pointer) {
  const auto* found = pointer.empty() ? nullptr : at_pointer(record, pointer);
  return found == nullptr ? std::string() : as_text(*found);
}

std::optional<Instant> feedback_instant(const json::value& value) {
  const auto text = as_text(value);
  if (const auto instant = parse_rfc3339(text)) return *instant;
  std::int64_t number = 0;
  const auto [end, failed] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (failed != std::errc{} || end != text.data() + text.size() || number <= 0) return std::nullopt;
  return Instant{number < kLeastMs ? number * 1000 : number};
}

json::object feedback_change(const std::string& id, std::string_view property,
                             const json::value& value) {
  return {{"id", id}, {"property", property}, {"value", value}};
}

std::vector<Touch> feedback_touches(const CrmPlan& plan, const json::value& record,
                                    json::array changes, Instant received_at) {
  if (changes.empty()) return {};
  const auto body =
      json::serialize(json::object{{"record", record}, {"changes", std::move(changes)}});
  auto mapped = map_delivery(plan.feedback->map, {"application/json", {}, body, received_at});
  // An unreadable record has no feedback, but it exists.
  if (!mapped) return {};
  std::vector<Touch> touches = std::move(mapped->touches);
  for (auto& touch : touches) {
    // The person is known; other facts about them come from the sources.
    touch.person = {};
    read_backwards(plan, touch);
  }
  std::stable_sort(touches.begin(), touches.end(),
                   [](const Touch& a, const Touch& b) { return a.at < b.at; });
  return touches;
}

}  // namespace baton
