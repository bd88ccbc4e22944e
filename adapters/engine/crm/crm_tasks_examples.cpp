#include "adapters/engine/crm/crm_tasks_examples.h"

#include <fmt/format.h>

#include "adapters/engine/crm/crm_examples.h"
#include "adapters/engine/crm/crm_load.h"
#include "adapters/engine/crm/crm_tasks.h"
#include "adapters/engine/source/examples.h"
#include "mapping/map/map_compile_parts.h"

namespace baton {
namespace {

std::optional<TaskCall> call_of(std::string_view name) {
  if (name == "create") return TaskCall::kCreate;
  if (name == "update") return TaskCall::kUpdate;
  if (name == "find") return TaskCall::kFind;
  return std::nullopt;
}

std::vector<std::string> task_differences(const CrmTasks& tasks, const json::object& example) {
  std::vector<std::string> differences;
  const auto call = call_of(text(example, "call"));
  const auto* record = object(example, "record");
  if (!call || record == nullptr)
    return {"the example needs a record, and one of the calls create, update and find"};
  if (*call == TaskCall::kFind && tasks.repeat() != Repeat::kReadable)
    return {"find requires repeat: readable"};
  TaskRecord task{example_record(*record), {}, std::string(text(*record, "task_ref"))};
  if (const auto* view = object(task.person.view, "task")) task.key = text(*view, "key");
  if (const auto* wanted = example.if_contains("request")) {
    const json::value request = example_request(tasks.render(*call, task));
    compare_example(*wanted, &request, "request", differences);
  }
  const auto outcome = tasks.interpret(*call, task, example_answer(example));
  const json::value verdict(to_string(outcome.verdict)), ref(outcome.ref);
  compare_example(json::value(text(example, "verdict", "ok")), &verdict, "verdict", differences);
  if (const auto* wanted = example.if_contains("ref"))
    compare_example(*wanted, &ref, "ref", differences);
  return differences;
}

}  // namespace

Findings run_task_examples(const YamlDocument& spec, std::size_t& examples_run) {
  Findings findings;
  const auto* root = spec.value.if_object();
  const auto* tasks = root != nullptr ? object(*root, "tasks") : nullptr;
  const auto* examples = tasks != nullptr ? array(*tasks, "examples") : nullptr;
  for (std::size_t i = 0; examples != nullptr && i < examples->size(); ++i) {
    const auto* example = (*examples)[i].if_object();
    if (example == nullptr) continue;
    ++examples_run;
    Findings building;
    const auto crm = make_crm(example_config(spec, *example), spec, building);
    if (crm == nullptr || crm->tasks() == nullptr) {
      append(findings, std::move(building));
      continue;
    }
    for (auto& difference : task_differences(*crm->tasks(), *example)) {
      findings.push_back(
          spec.finding(child("/tasks/examples", i),
                       fmt::format("example \"{}\": {}", text(*example, "name"), difference),
                       "example.differs"));
    }
  }
  return findings;
}

}  // namespace baton
