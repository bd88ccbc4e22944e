#include "adapters/engine/crm/crm_feedback_load.h"

#include <fmt/format.h>

#include "adapters/engine/crm/crm_load.h"
#include "mapping/map/map_compile.h"
#include "mapping/map/map_compile_parts.h"

namespace baton {
namespace {

constexpr std::string_view kAt = "/feedback";

// Presents the part as the mapping of a source, so that the same code compiles both. Its elements
// are the changes of one record.
YamlDocument as_source(const YamlDocument& spec, const json::object& feedback,
                       const std::string& source) {
  YamlDocument document;
  document.file = spec.file;
  json::object root{{"source", source},
                    {"split", json::object{{"each", "changes"}}},
                    {"unknown_events", "ignore"}};
  for (const auto part : {"events", "fields", "touch_id"}) {
    if (const auto* given = feedback.if_contains(part)) root[part] = *given;
  }
  if (!root.contains("touch_id")) {
    // A current value without the time of its change is identified by the value.
    root["touch_id"] = json::array{"{id}.{property}.{at_ms}", "{id}.{property}.{value}"};
  }
  // An event without any fact would count as empty.
  if (auto* fields = root["fields"].if_object(); fields != nullptr)
    fields->emplace("external_ids.crm", "id");
  else
    root["fields"] = json::object{{"external_ids.crm", "id"}};
  document.value = std::move(root);
  for (const auto& [pointer, place] : spec.positions) {
    if (pointer.starts_with(kAt)) document.positions[pointer.substr(kAt.size())] = place;
  }
  return document;
}

FeedbackOptions read_options(const SpecPlace& place, const json::object& feedback,
                             const std::string& name, Findings& findings) {
  FeedbackOptions options;
  options.source = text(feedback, "source", name);
  place.read_time(feedback, "contact_every", std::string(kAt), options.contact_every, findings);
  place.read_time(feedback, "lead_every", std::string(kAt), options.lead_every, findings);
  place.read_time(feedback, "stale_after", std::string(kAt), options.stale_after, findings);
  if (const auto* budget = object(feedback, "budget")) {
    options.calls = static_cast<int>(integer(*budget, "calls", options.calls));
    place.read_time(*budget, "per", std::string(kAt) + "/budget", options.per, findings);
  }
  return options;
}

void read_changes(const json::object& changes, FeedbackPlan& plan) {
  plan.history = text(changes, "history");
  plan.value = text(changes, "value", "value");
  plan.at = text(changes, "at", "timestamp");
  plan.properties = text(changes, "properties");
  plan.current = scalar_texts(changes.if_contains("current"));
}

FollowPlan read_one_follow(const json::object& given) {
  FollowPlan out;
  out.name = text(given, "name");
  if (const auto* list = object(given, "list")) {
    out.list = read_call(*list, "POST");
    if (const auto* item = list->if_contains("item")) out.list_item = *item;
    out.list_results = text(*list, "results");
    out.list_key = text(*list, "key");
    out.list_objects = text(*list, "objects");
    out.list_id = text(*list, "id");
  }
  if (const auto* read = object(given, "read")) {
    out.read = read_call(*read, "POST");
    if (const auto* item = read->if_contains("item")) out.read_item = *item;
    out.read_results = text(*read, "results");
    out.read_id = text(*read, "id");
    out.batch = static_cast<std::size_t>(std::max<std::int64_t>(1, integer(*read, "batch", 100)));
  }
  out.newest = static_cast<std::size_t>(std::max<std::int64_t>(1, integer(given, "newest", 10)));
  return out;
}

void read_follow(const SpecPlace& place, const json::object& follow, FeedbackPlan& plan,
                 Findings& findings) {
  if (!boolean(follow, "enabled", true)) return;
  plan.follow_changed = text(follow, "changed");
  const auto* objects = array(follow, "objects");
  for (std::size_t i = 0; objects != nullptr && i < objects->size(); ++i) {
    const auto* given = (*objects)[i].if_object();
    plan.follow.push_back(given == nullptr ? FollowPlan() : read_one_follow(*given));
    const auto& one = plan.follow.back();
    const bool whole = !one.list.path.empty() && !one.read.path.empty() &&
                       !one.list_item.is_null() && !one.read_item.is_null();
    if (one.name.empty() || !whole) {
      findings.push_back(
          place.finding(fmt::format("{}/follow/objects/{}", kAt, i),
                        "each entry of follow needs a name, list and read, each with path and item",
                        "adapter.bad_feedback"));
    }
  }
  if (plan.follow_changed.empty() || plan.id.empty() || plan.results.empty()) {
    findings.push_back(place.finding(std::string(kAt) + "/follow",
                                     "follow needs changed, and results and id of the records",
                                     "adapter.bad_feedback"));
  }
}

void read_back(const SpecPlace& place, const json::object& back, const CrmPlan& crm,
               FeedbackPlan& plan, Findings& findings) {
  for (const auto& entry : back) {
    const auto table = scalar_text(entry.value());
    if (!crm.tables.contains(table)) {
      findings.push_back(place.finding(fmt::format("{}/back/{}", kAt, std::string(entry.key())),
                                       fmt::format("no table has the name \"{}\"", table),
                                       "adapter.unknown_table"));
    }
    plan.back[std::string(entry.key())] = table;
  }
}

}  // namespace

std::optional<FeedbackPlan> read_feedback(const YamlDocument& config, const YamlDocument& spec,
                                          const CrmPlan& crm, Findings& findings) {
  const auto* feedback =
      spec.value.is_object() ? object(spec.value.get_object(), "feedback") : nullptr;
  if (feedback == nullptr || !boolean(*feedback, "enabled", true)) return std::nullopt;
  const SpecPlace place{config, spec};
  FeedbackPlan plan;
  plan.options = read_options(place, *feedback, crm.name, findings);
  plan.read = read_call(*feedback, "GET");
  plan.batch = static_cast<std::size_t>(std::max<std::int64_t>(1, integer(*feedback, "batch", 1)));
  if (const auto* item = feedback->if_contains("item")) plan.item = *item;
  plan.by_ref = uses_ref(plan.read) || uses_ref(plan.item);
  plan.results = text(*feedback, "results");
  plan.key = text(*feedback, "key");
  plan.id = text(*feedback, "id");
  if (const auto* changes = object(*feedback, "changes")) read_changes(*changes, plan);
  if (const auto* back = object(*feedback, "back")) read_back(place, *back, crm, plan, findings);
  if (const auto* follow = object(*feedback, "follow")) read_follow(place, *follow, plan, findings);
  if (plan.batch > 1 && (plan.item.is_null() || plan.results.empty())) {
    findings.push_back(
        place.finding(std::string(kAt), "a batch needs item and results", "adapter.bad_feedback"));
  }
  if (plan.history.empty() && plan.current.empty()) {
    findings.push_back(place.finding(std::string(kAt),
                                     "changes has nothing to read: add history or current",
                                     "adapter.bad_feedback"));
  }
  plan.map = compile_map(as_source(spec, *feedback, plan.options.source), nullptr, findings);
  return plan;
}

}  // namespace baton
