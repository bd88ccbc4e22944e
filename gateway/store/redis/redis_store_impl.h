#pragma once

#include <functional>
#include <span>
#include <string>
#include <vector>

#include "gateway/store/redis/redis_lanes.h"
#include "gateway/store/redis/redis_store.h"

namespace baton {

struct CallGroup;

class RedisStore final : public Store {
 public:
  RedisStore(const RedisEndpoint& endpoint, const RedisOptions& options);

  PartitionId partitions() const override { return partitions_; }
  Result<Instant> now() override;
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
  // Runs one pipeline. If the function library is missing, loads it and sends the commands that
  // failed for that reason once more. Any error reply fails the whole call.
  Result<RedisReplies> run(std::span<const RedisCommand> commands);
  Result<RedisReplies> run_one(const RedisCommand& command) { return run({&command, 1}); }
  Status apply(std::span<const RedisCommand> commands);
  Result<RedisReplies> answers(std::span<const RedisCommand> commands);
  Result<RedisReplies> entries(PartitionId partition, std::string_view stream,
                               std::string_view after, std::size_t limit);
  PartitionId home(std::string_view key) const { return partition_of(key, partitions_); }

  PartitionId partitions_;
  RedisLanes lanes_;
};

// Items of one call that go to one partition in one function call, in their order. A function call
// blocks Redis for all clients, so it carries at most kCallItems items with a total weight of
// kCallWeight.
constexpr std::size_t kCallItems = 64;
constexpr std::size_t kCallWeight = 256;
constexpr std::size_t kCallBytes = 1 << 20;

struct CallGroup {
  PartitionId partition = 0;
  std::vector<std::size_t> items;
  std::size_t weight = 0, bytes = 0;
};

struct ItemSize {
  PartitionId partition = 0;
  std::size_t weight = 1, bytes = 0;
};

std::vector<CallGroup> group_calls(std::size_t count,
                                   const std::function<ItemSize(std::size_t)>& size_of);

// Builds one command for each group and adds its arguments item by item.
std::vector<RedisCommand> function_calls(
    std::string_view function, std::span<const CallGroup> groups,
    const std::function<void(RedisCommand&, std::size_t)>& add);

}  // namespace baton
