#include "gateway/app/worker.h"

#include <algorithm>

#include <fmt/format.h>

#include "gateway/platform/failpoint.h"
#include "gateway/platform/log.h"
#include "gateway/platform/metrics.h"

namespace baton {
namespace {

constexpr std::size_t kIntakeBatch = 256;        // entries a round, over all partitions
constexpr std::size_t kTimerBatch = 512;
constexpr std::size_t kOwnerBatch = 256;
constexpr Duration kLongestSleep = seconds(1);
// Another node's insert must be seen within this time (DESIGN 5).
constexpr Duration kSharedSleep = milliseconds(50);
constexpr Duration kLongestBackoff = seconds(1);

EntryRef ref_of(const IntakeEntry& entry) { return {entry.partition, entry.entry, entry.id}; }

}  // namespace

Worker::Worker(Runtime& runtime, std::size_t index) : runtime_(runtime), index_(index) {}
Worker::~Worker() { join(); }

void Worker::start() {
  thread_ = std::thread([this] { run(); });
}

void Worker::join() {
  runtime_.engine_wake[index_]->raise();
  if (thread_.joinable()) thread_.join();
}

void Worker::serve(std::vector<PartitionId> partitions, bool alone) {
  const std::lock_guard lock(mutex_);
  partitions_ = std::move(partitions);
  alone_ = alone;
}

void Worker::run() {
  while (!runtime_.stopping.load()) {
    sleep_ = kLongestSleep;
    {
      const std::lock_guard round(round_);
      if (auto ready = ensure_store(); !ready) failed(ready.error());
      else if (step()) continue;
    }
    runtime_.engine_wake[index_]->wait(std::max(sleep_, backoff_));
  }
}

Status Worker::ensure_store() {
  if (store_) return {};
  auto store = runtime_.open_store();
  if (!store) return store.error();
  store_ = std::move(*store);
  applier_ = std::make_unique<Applier>(runtime_, *store_);
  reader_ = std::make_unique<IntakeReader>(runtime_, *store_);
  pools_ = std::make_unique<PoolDesk>(runtime_, *store_);
  return {};
}

void Worker::failed(const Error& error) {
  if (backoff_.ms == 0) log_warn("engine", "the store does not answer; waiting", {{"error", error.message}});
  backoff_ = std::min(Duration{std::max<std::int64_t>(backoff_.ms * 2, 20)}, kLongestBackoff);
}

void Worker::note_next(Instant now, std::optional<Instant> next) {
  if (next) sleep_ = std::min(sleep_, std::max(*next - now, milliseconds(0)));
}

bool Worker::step() {
  std::vector<PartitionId> partitions;
  {
    const std::lock_guard lock(mutex_);
    partitions = partitions_;
    if (!alone_) sleep_ = kSharedSleep;
  }
  if (partitions.empty()) return false;
  // Clocks first: they are promises with a due time; each step is bounded, so none starves another.
  bool busy = timer_step(partitions);
  busy = owner_step(partitions) || busy;
  busy = intake_step(partitions) || busy;
  return busy;
}

bool Worker::intake_step(const std::vector<PartitionId>& partitions) {
  auto entries = store_->waiting_intake(partitions, kIntakeBatch);
  if (!entries) {
    failed(entries.error());
    return false;
  }
  backoff_ = {};
  if (entries->empty()) return false;
  auto reads = reader_->read(std::move(*entries));
  if (!reads) {
    failed(reads.error());
    return false;
  }
  finish(*reads);
  return true;
}

// Decides and commits everything read, then forgets the entries. An entry whose effects are not
// committed stays and is read again; a repeat changes nothing (touches already applied are refused).
void Worker::finish(std::vector<IntakeReader::Read>& reads) {
  std::vector<Work> work;
  for (auto& read : reads) std::move(read.work.begin(), read.work.end(), std::back_inserter(work));
  const auto results = applier_->apply(work);
  std::vector<EntryRef> done, quarantined;
  std::vector<DeadLetter> letters;
  std::size_t next = 0;
  for (auto& read : reads) {
    bool whole = true;
    for (std::size_t i = 0; i < read.work.size(); ++i, ++next) {
      const Status& status = results[next].status;
      if (status) continue;
      whole = false;
      if (status.error().code == Errc::kTransient || status.error().code == Errc::kConflict) continue;
      read.letter = DeadLetter{.origin = "intake", .subject = read.entry.id, .reason = status.error().message, .payload = read.entry.payload};
    }
    if (read.letter) {
      quarantined.push_back(ref_of(read.entry));
      letters.push_back(std::move(*read.letter));
    } else if (whole) {
      done.push_back(ref_of(read.entry));
    }
  }
  if (!letters.empty()) {
    count("quarantined_total", {}, static_cast<double>(letters.size()));
    if (auto status = store_->quarantine(quarantined, letters); !status) failed(status.error());
  }
  BATON_FAILPOINT("intake.before_finish");
  if (!done.empty()) {
    if (auto status = store_->finish_intake(done); !status) failed(status.error());
  }
}

bool Worker::timer_step(const std::vector<PartitionId>& partitions) {
  auto due = store_->due_timers(partitions, kTimerBatch);
  if (!due) {
    failed(due.error());
    return false;
  }
  note_next(due->now, due->next);
  if (due->items.empty()) return false;
  BATON_FAILPOINT("timer.due");
  std::vector<Work> work;
  for (const auto& timer : due->items) {
    observe_seconds("timer_lag_seconds", static_cast<double>((due->now - timer.due).ms) / 1000);
    work.push_back({timer.key.id, {fmt::format("{}:{}:{}", timer.key.id, timer.clock, timer.due.ms), ClockDue{timer.clock, timer.due}}, timer.due, {}});
  }
  const auto results = applier_->apply(work);
  BATON_FAILPOINT("timer.fired");
  // A document that cannot be read must not keep the worker spinning; its timers wait in the index.
  return std::any_of(results.begin(), results.end(), [](const WorkResult& r) { return r.status.has_value(); });
}

bool Worker::owner_step(const std::vector<PartitionId>& partitions) {
  auto due = store_->due_outbox(partitions, "owner", kOwnerBatch);
  if (!due) {
    failed(due.error());
    return false;
  }
  note_next(due->now, due->next);
  if (due->items.empty()) return false;
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
  applier_->apply(work);
  return !work.empty();
}

// The requests behind the outbox items, which are sealed under their persons' keys. One that cannot
// be opened is filed with its reason and delays no other (I6).
Result<Worker::OpenRequests> Worker::open_requests(std::vector<OutboxEntry> entries) {
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

Result<OwnerRequest> Worker::open_request(const OutboxEntry& entry, const Document& document) const {
  const auto person = runtime_.documents->open(entry.key.id, document);
  if (!person) return person.error();
  auto payload = runtime_.documents->open_item(*person, entry.item);
  if (!payload) return payload.error();
  return owner_request_from_json(*payload);
}

}  // namespace baton
