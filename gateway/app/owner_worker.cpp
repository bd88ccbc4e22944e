#include "gateway/app/owner_worker.h"

#include <algorithm>

#include "gateway/platform/failpoint.h"
#include "gateway/platform/log.h"

namespace baton {
namespace {

constexpr std::size_t kBatch = 256;

}  // namespace

bool OwnerWorker::due_step(const std::vector<PartitionId>& served) {
  auto due = ask([&] { return store_->due_outbox(served, "owner", kBatch); });
  if (!due || due->items.empty()) return false;
  const bool cut = was_cut(*due, kBatch);
  auto open = open_requests(std::move(due->items));
  if (!open) {
    failed(open.error());
    return false;
  }
  const auto picks = pools_->pick(open->requests, due->now);
  std::vector<Work> work;
  for (std::size_t i = 0; i < picks.size(); ++i) {
    if (!picks[i]) {
      failed(picks[i].error());
      continue;
    }
    const OutboxEntry& entry = open->entries[i];
    OwnerPicked answer{entry.item.key, open->requests[i].pool, picks[i]->rep, picks[i]->reasons, picks[i]->retry_at};
    work.push_back({entry.key.id, {entry.item.key, std::move(answer)}, due->now, {entry}});
  }
  BATON_FAILPOINT("owner.picked");
  const auto results = applier_->apply(work);
  const bool all = std::all_of(results.begin(), results.end(), [](const WorkResult& r) { return r.status.has_value(); });
  return !work.empty() && (!all || cut);
}

// The requests behind the outbox items, which are sealed under their persons' keys. One that cannot
// be opened is filed with its reason and delays no other (I6).
Result<OwnerWorker::OpenRequests> OwnerWorker::open_requests(std::vector<OutboxEntry> entries) {
  std::vector<DocKey> keys;
  for (const auto& entry : entries) keys.push_back(entry.key);
  auto documents = store_->load(keys);
  if (!documents) return documents.error();
  OpenRequests open;
  std::vector<DeadLetter> letters;
  std::vector<DocKey> owners;
  for (std::size_t i = 0; i < entries.size(); ++i) {
    auto request = open_request(entries[i], (*documents)[i]);
    if (request) {
      open.requests.push_back(std::move(*request));
      open.entries.push_back(std::move(entries[i]));
      continue;
    }
    owners.push_back(entries[i].key);
    letters.push_back({.origin = "outbox", .subject = entries[i].item.key, .destination = "owner",
                       .reason = request.error().message, .payload = std::move(entries[i].item.payload)});
  }
  if (!letters.empty()) {
    log_error("engine", "requests for owners cannot be read; they are filed", {{"count", letters.size()}});
    if (auto buried = store_->bury(letters, owners); !buried) return buried.error();
  }
  return open;
}

Result<OwnerRequest> OwnerWorker::open_request(const OutboxEntry& entry, const Document& document) const {
  const auto person = runtime_.documents->open(entry.key.id, document);
  if (!person) return person.error();
  auto payload = runtime_.documents->open_item(*person, entry.item);
  if (!payload) return payload.error();
  return owner_request_from_json(*payload);
}

}  // namespace baton
