#include "gateway/app/delivery/task_preparer.h"
#include "gateway/app/documents/effect_codec.h"

#include <algorithm>

#include "gateway/app/views/dry_run.h"
#include "gateway/app/views/task_view.h"
#include "mapping/json/json.h"

namespace baton {

Result<std::vector<Result<std::optional<OutgoingTask>>>> TaskPreparer::prepare_tasks(
    std::span<const OutboxEntry> entries, const std::string& crm) {
  StorePool::Borrowed store(parts_.stores);
  if (!store) return store.error();
  auto documents = store.documents_of(entries);
  if (!documents) return documents.error();
  std::vector<Result<std::optional<OutgoingTask>>> all;
  all.reserve(entries.size());
  for (std::size_t i = 0; i < entries.size(); ++i)
    all.push_back(prepare(entries[i], (*documents)[i], crm));
  return all;
}

Result<std::optional<OutgoingTask>> TaskPreparer::prepare(const OutboxEntry& entry,
                                                          const Document& document,
                                                          const std::string& crm) {
  const auto opened = parts_.access.documents->open(PersonId(entry.key.id), document);
  if (!opened) return opened.error();
  if (opened->version == 0) return std::optional<OutgoingTask>();
  auto payload = parts_.access.documents->open_item(*opened, entry.item);
  if (!payload) return payload.error();
  const auto request = task_from_json(*payload);
  if (!request) return request.error();
  const auto current = crm_task(opened->state, request->task);
  const auto* shown = shown_task(opened->state, request->task);
  if (!current || shown == nullptr)
    return std::optional<OutgoingTask>();  // the task belongs to an earlier episode
  const auto policy = parts_.configuration.policy.load();
  OutgoingTask out;
  out.record.person = record_for(*opened, crm, *policy);
  out.record.key = current->id;
  if (const auto ref = shown->external_ids.find(crm); ref != shown->external_ids.end())
    out.record.ref = ref->second;
  out.record.person.view["task"] =
      task_view(*current, opened->state, *policy, parts_.node.settings.language,
                text(out.record.person.view, "explain_url"), parts_.node.clock->now());
  out.shown = current->shown();
  out.is_open = current->state == "open";
  out.creates = request->number == 1;
  out.unsure = std::find(shown->unsure.begin(), shown->unsure.end(), crm) != shown->unsure.end();
  return std::optional(std::move(out));
}

bool TaskPreparer::commit_task_result(const DocKey& person, const EffectOutcome& outcome) {
  const EffectReport report{person, outcome};
  return outcomes_.commit({&report, 1});
}

void TaskPreparer::record_dry_run(const OutboxEntry& entry, const std::string& crm,
                                  const HttpRequest& request) {
  parts_.rehearsed.add({{"kind", "task"},
                        {"at", to_rfc3339(parts_.node.clock->now())},
                        {"destination", crm},
                        {"person", entry.key.id},
                        {"key", entry.item.key},
                        {"request", request_view(request, true)}});
}

}  // namespace baton
