#pragma once

#include <cassert>
#include <mutex>
#include <set>

#include "gateway/store/memory/memory_store.h"

namespace baton {

// Members ordered by score, then by name, like Redis's sorted sets.
class MemoryQueue {
 public:
  void set(const std::string& member, Instant at);
  void add(const std::string& member, Instant at) {
    if (!at_.contains(member)) set(member, at);
  }
  void erase(const std::string& member);
  std::optional<Instant> find(const std::string& member) const;
  std::size_t size() const { return at_.size(); }
  const std::set<std::pair<Instant, std::string>>& ordered() const { return ordered_; }

 private:
  std::map<std::string, Instant> at_;
  std::set<std::pair<Instant, std::string>> ordered_;
};

// An append-only list with entry ids like those of Redis.
template <class T>
struct MemoryStream {
  using Id = std::pair<std::int64_t, std::uint64_t>;
  Id append(Instant now, T value) {
    last = now.ms > last.first ? Id{now.ms, 0} : Id{last.first, last.second + 1};
    entries.emplace(last, std::move(value));
    return last;
  }
  Id last{0, 0};
  std::map<Id, T> entries;
};

using StreamId = MemoryStream<int>::Id;
std::string to_entry(StreamId id);
StreamId to_stream_id(std::string_view entry);

struct MemoryItem {
  std::string kind, payload;
  int attempts = 0;
};

struct MemoryDocument {
  Document value;
  std::map<std::string, std::uint64_t> marks;  // destination -> version that requested the push
};

struct MemoryLog {
  std::string name;
  std::string bytes;
};

struct MemoryLetter {
  DeadLetter letter;
  DocKey owner;
  std::string kind;
};

struct MemoryLease {
  std::string node;
  Instant until;
};

constexpr Instant kForever{INT64_MAX};

struct MemoryPartition {
  MemoryStream<IntakeRecord> intake;
  std::map<std::string, Instant> seen;  // delivery id -> expiry
  std::map<std::string, MemoryDocument> documents;
  MemoryQueue timers, recent;
  std::map<std::string, MemoryQueue> outbox;  // by kind
  std::map<std::string, MemoryItem> items;
  std::map<std::string, Instant> ended;     // outbox member -> expiry
  std::map<std::string, MemoryQueue> push;  // by destination
  std::map<std::string, int> push_attempts;
  MemoryStream<MemoryLog> log;
  MemoryStream<MemoryLetter> letters;
  std::map<std::string, std::string> claims, values;
  std::map<std::string, Instant> once;
  std::optional<MemoryLease> lease;

  void end_item(const std::string& member, Instant now);
};

struct MemoryDatabase::State {
  mutable std::mutex mutex;
  Instant now;
  std::vector<MemoryPartition> partitions;
};

class MemoryStore final : public Store {
 public:
  explicit MemoryStore(std::shared_ptr<MemoryDatabase> database) : database_(std::move(database)) {}

  PartitionId partitions() const override {
    return static_cast<PartitionId>(state().partitions.size());
  }
  Result<Instant> now() override { return database_->now(); }
  Result<StoreHealth> health() override;

  Result<std::vector<IntakeAnswer>> intake(std::span<const IntakeRecord> records) override;
  Result<std::vector<IntakeEntry>> read_intake(PartitionId partition, std::string_view after,
                                               std::size_t limit) override;
  Result<std::vector<IntakeEntry>> waiting_intake(std::span<const PartitionId> partitions,
                                                  std::size_t limit,
                                                  std::span<const EntryRef> finished) override;
  Status finish_intake(std::span<const EntryRef> entries) override;
  Status quarantine(std::span<const EntryRef> entries,
                    std::span<const DeadLetter> letters) override;

  Result<std::vector<std::string>> claim_identities(std::span<const Claim> claims) override;
  Result<std::vector<std::string>> holders_of(std::span<const std::string> claims) override;
  Status repoint(std::span<const Repoint> moves) override;
  Result<std::vector<Document>> load(std::span<const DocKey> keys) override;
  Result<std::vector<CommitAnswer>> commit(std::span<const Commit> commits) override;

  Result<DueList<DueTimer>> due_timers(std::span<const PartitionId> partitions,
                                       std::size_t limit) override;
  Result<DueList<OutboxEntry>> due_outbox(std::span<const PartitionId> partitions,
                                          std::string_view kind, std::size_t limit) override;
  Result<DueList<PushEntry>> due_push(std::span<const PartitionId> partitions,
                                      std::string_view destination, std::size_t limit) override;
  Result<std::vector<Queued>> queued(Queue queue, std::string_view name,
                                     std::size_t limit) override;
  Status outbox_done(std::span<const OutboxEntry> entries) override;
  Status outbox_retry(std::span<const Retry> retries) override;
  Status outbox_later(std::span<const Retry> items) override;
  Status push_done(std::span<const PushDone> done) override;
  Status push_retry(std::span<const Retry> retries) override;
  Status dead_letter(std::span<const DeadLetter> letters, std::span<const DocKey> owners) override;

  Result<std::vector<DeadLetter>> dead_letters(std::size_t limit) override;
  Status forget_dead_letter(const DeadLetter& letter) override;
  Status requeue_dead_letter(const DeadLetter& letter) override;
  Result<std::vector<LogRecord>> history(const DocKey& key, std::size_t limit) override;
  Result<std::vector<LogRecord>> read_log(PartitionId partition, std::string_view after,
                                          std::size_t limit) override;
  Result<std::vector<std::string>> recent_persons(std::size_t offset, std::size_t limit) override;

  Result<Walk> walk_persons(std::string_view cursor, std::size_t limit) override;
  Result<std::vector<IndexFix>> reindex(std::span<const IndexEntry> entries) override;

  Result<bool> consume_once(std::string_view key, Duration ttl) override;
  Status put_value(std::string_view name, std::string_view value) override;
  Result<std::string> get_value(std::string_view name) override;
  Result<std::vector<PartitionId>> lease(std::string_view node, std::span<const PartitionId> wanted,
                                         Duration ttl) override;
  Status release(std::string_view node, std::span<const PartitionId> held) override;
  Result<Counts> counts() override;

 private:
  MemoryDatabase::State& state() const { return database_->state(); }
  std::lock_guard<std::mutex> lock() const { return std::lock_guard(state().mutex); }
  MemoryPartition& part(PartitionId partition) const {
    assert(partition < partitions());
    return state().partitions[partition];
  }
  MemoryPartition& home(std::string_view key) const {
    return part(partition_of(key, partitions()));
  }
  CommitAnswer commit_one(const Commit& commit);
  IndexFix reindex_one(const IndexEntry& entry);
  void apply_effects(MemoryPartition& part, const Commit& commit, const std::string& name);

  std::shared_ptr<MemoryDatabase> database_;
};

}  // namespace baton
