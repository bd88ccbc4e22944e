#include <algorithm>

#include "gateway/app/delivery/deliveries.h"
#include "gateway/app/delivery/deliveries_store.h"
#include "gateway/app/documents/effect_codec.h"
#include "gateway/app/views/dry_run.h"
#include "gateway/app/views/task_view.h"
#include "mapping/json/json.h"

namespace baton {

Result<std::vector<Result<std::optional<OutgoingTask>>>> Deliveries::tasks(
    std::span<const OutboxEntry> entries, const std::string& crm) {
  Borrowed store(*this);
  if (!store) return store.error();
  auto documents = store.documents_of(entries);
  if (!documents) return documents.error();
  std::vector<Result<std::optional<OutgoingTask>>> all;
  all.reserve(entries.size());
  for (std::size_t i = 0; i < entries.size(); ++i)
    all.push_back(task(entries[i], (*documents)[i], crm));
  return all;
}

Result<std::optional<OutgoingTask>> Deliveries::task(const OutboxEntry& entry,
                                                     const Document& document,
                                                     const std::string& crm) {
  const auto opened = runtime_.documents->open(entry.key.id, document);
  if (!opened) return opened.error();
  if (opened->version == 0) return std::optional<OutgoingTask>();
  auto payload = runtime_.documents->open_item(*opened, entry.item);
  if (!payload) return payload.error();
  const auto wanted = task_from_json(*payload);
  if (!wanted) return wanted.error();
  const auto today = crm_task(opened->state, wanted->task);
  const auto* shown = shown_task(opened->state, wanted->task);
  if (!today || shown == nullptr) return std::optional<OutgoingTask>();  // of an episode long past
  const auto policy = runtime_.policy.load();
  OutgoingTask out;
  out.record.person = record_for(*opened, crm, *policy);
  out.record.key = today->id;
  if (const auto ref = shown->external_ids.find(crm); ref != shown->external_ids.end())
    out.record.ref = ref->second;
  out.record.person.view["task"] =
      task_view(*today, opened->state, *policy, runtime_.settings.language,
                text(out.record.person.view, "explain_url"), runtime_.clock->now());
  out.shown = today->shown();
  out.is_open = today->state == "open";
  out.makes = wanted->number == 1;
  out.unsure = std::find(shown->unsure.begin(), shown->unsure.end(), crm) != shown->unsure.end();
  return std::optional(std::move(out));
}

}  // namespace baton
