#include "gateway/app/workers/owner_worker.h"
#include "gateway/app/documents/effect_codec.h"

#include <algorithm>

#include "gateway/platform/failpoint.h"
#include "gateway/platform/log.h"

namespace baton {
namespace {

constexpr std::size_t kOwnerBatch = 256;

}  // namespace

void OwnerWorker::opened(Store& store) {
  const auto& applier = parts_.applier;
  pools_ = std::make_unique<PoolAssigner>(applier.configuration, *applier.access.documents, store);
}

// Updates come first. A lead that was touched or given back makes room for the next.
bool OwnerWorker::due_step(const std::vector<PartitionId>& served) {
  bool cut = false;
  auto due = ask([&] { return due_of_both(served, cut); });
  if (!due || due->items.empty()) return false;
  const auto requests =
      std::stable_partition(due->items.begin(), due->items.end(),
                            [](const OutboxEntry& e) { return e.item.kind == "pool"; });
  const auto take = [](auto from, auto to) {
    return std::vector<OutboxEntry>(std::make_move_iterator(from), std::make_move_iterator(to));
  };
  const bool learnt = learn(take(due->items.begin(), requests), due->now);
  const bool answered = answer(take(requests, due->items.end()), due->now);
  return learnt && answered && cut;
}

Result<DueList<OutboxEntry>> OwnerWorker::due_of_both(const std::vector<PartitionId>& served,
                                                      bool& cut) {
  auto due = store_->due_outbox(served, "pool", kOwnerBatch);
  if (!due) return due;
  auto requests = store_->due_outbox(served, "owner", kOwnerBatch);
  if (!requests) return requests;
  cut = was_cut(*due, kOwnerBatch) || was_cut(*requests, kOwnerBatch);
  due->now = requests->now;
  due->items.insert(due->items.end(), std::make_move_iterator(requests->items.begin()),
                    std::make_move_iterator(requests->items.end()));
  if (requests->next && (!due->next || *requests->next < *due->next)) due->next = requests->next;
  return due;
}

bool OwnerWorker::learn(std::vector<OutboxEntry> entries, Instant now) {
  if (entries.empty()) return true;
  auto open = this->open<PoolUpdate>(std::move(entries), pool_note_from_json);
  if (!open) {
    failed(open.error());
    return false;
  }
  std::vector<PoolUpdate> notes;
  std::vector<OutboxEntry> done;
  for (auto& [note, entry] : *open) {
    notes.push_back(std::move(note));
    done.push_back(std::move(entry));
  }
  Status learnt = pools_->learn(notes, now);
  if (learnt && !done.empty()) learnt = store_->outbox_done(done);
  if (!learnt) failed(learnt.error());
  return learnt.has_value();
}

bool OwnerWorker::answer(std::vector<OutboxEntry> entries, Instant now) {
  if (entries.empty()) return true;
  auto open = this->open<OwnerRequest>(std::move(entries), owner_request_from_json);
  if (!open) {
    failed(open.error());
    return false;
  }
  std::vector<OwnerRequest> requests;
  for (const auto& [request, entry] : *open) requests.push_back(request);
  const auto picks = pools_->pick(requests, now);
  std::vector<Work> work;
  for (std::size_t i = 0; i < picks.size(); ++i) {
    if (!picks[i]) {
      failed(picks[i].error());
      continue;
    }
    const OutboxEntry& entry = (*open)[i].second;
    OwnerPicked answer{entry.item.key, requests[i].pool, picks[i]->rep, picks[i]->reasons,
                       picks[i]->retry_at};
    work.push_back({PersonId(entry.key.id), {entry.item.key, std::move(answer)}, now, {entry}});
  }
  BATON_FAILPOINT("owner.picked");
  const auto results = applier_->apply(work);
  return std::all_of(results.begin(), results.end(),
                     [](const WorkResult& r) { return r.status.has_value(); });
}

// Opens the outbox items, which are sealed under the keys of their persons. An item that cannot be
// opened becomes a dead letter, and delays no other item (I6).
template <class T, class Read>
Result<OwnerWorker::Opened<T>> OwnerWorker::open(std::vector<OutboxEntry> entries, Read read) {
  std::vector<DocKey> keys;
  for (const auto& entry : entries) keys.push_back(entry.key);
  auto documents = store_->load(keys);
  if (!documents) return documents.error();
  Opened<T> open;
  std::vector<DeadLetter> letters;
  std::vector<DocKey> owners;
  for (std::size_t i = 0; i < entries.size(); ++i) {
    auto item = open_one<T>(entries[i], (*documents)[i], read);
    if (item) {
      open.emplace_back(std::move(*item), std::move(entries[i]));
      continue;
    }
    owners.push_back(entries[i].key);
    letters.push_back({.origin = "outbox",
                       .subject = entries[i].item.key,
                       .destination = entries[i].item.kind,
                       .reason = item.error().message,
                       .payload = std::move(entries[i].item.payload)});
  }
  if (!letters.empty()) {
    log_error("engine", "requests for owners cannot be read; they are dead letters now",
              {{"count", letters.size()}});
    if (auto buried = store_->dead_letter(letters, owners); !buried) return buried.error();
  }
  return open;
}

template <class T, class Read>
Result<T> OwnerWorker::open_one(const OutboxEntry& entry, const Document& document,
                                Read read) const {
  const auto person = parts_.applier.access.documents->open(PersonId(entry.key.id), document);
  if (!person) return person.error();
  auto payload = parts_.applier.access.documents->open_item(*person, entry.item);
  if (!payload) return payload.error();
  return read(*payload);
}

}  // namespace baton
