#include "adapters/engine/crm/crm_tasks_load.h"

#include <fmt/format.h>

#include "adapters/engine/crm/crm_load.h"
#include "mapping/map/map_compile_parts.h"

namespace baton {
namespace {

constexpr std::string_view kTasksAt = "/tasks";

void read_find(const json::object& find, TaskPlan& plan) {
  plan.find = read_call(find, "GET");
  plan.find_results = text(find, "results");
  plan.find_id = text(find, "id", "/id");
}

}  // namespace

std::optional<TaskPlan> read_tasks(const YamlDocument& config, const YamlDocument& spec,
                                   const CrmPlan& crm, Findings& findings) {
  const auto* tasks = spec.value.is_object() ? object(spec.value.get_object(), "tasks") : nullptr;
  if (tasks == nullptr || !boolean(*tasks, "enabled", true)) return std::nullopt;
  const SpecPlace place{config, spec};
  TaskPlan plan;
  plan.repeat = read_repeat(text(*tasks, "repeat", "keyed"));
  place.read_time(*tasks, "settles", std::string(kTasksAt), plan.settles, findings);
  if (const auto* create = object(*tasks, "create")) {
    plan.create = read_call(*create, "POST");
    plan.create_id = text(*create, "id");
  }
  if (const auto* update = object(*tasks, "update")) {
    plan.update = read_call(*update, "PATCH");
    plan.changing = scalar_texts(update->if_contains("fields"));
    if (const auto* cleared = object(*update, "cleared")) plan.cleared = *cleared;
  }
  if (const auto* find = object(*tasks, "find")) read_find(*find, plan);
  plan.by_ref = uses_ref(plan.create);
  if (const auto* fields = object(*tasks, "fields"))
    plan.fields.add(spec, std::string(kTasksAt) + "/fields", *fields, findings);
  plan.fields.check_tables(spec, crm.tables, findings);
  if (plan.create.path.empty() || plan.update.path.empty())
    findings.push_back(place.finding(std::string(kTasksAt),
                                     "tasks need create and update, each with a path",
                                     "adapter.bad_tasks"));
  if (plan.repeat == Repeat::kReadable && !plan.find)
    findings.push_back(
        place.finding(std::string(kTasksAt), "repeat: readable needs find", "adapter.bad_tasks"));
  return plan;
}

}  // namespace baton
