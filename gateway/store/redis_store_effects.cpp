#include "gateway/store/due_merge.h"
#include "gateway/store/redis_store_impl.h"
#include "gateway/store/store_names.h"

namespace baton {
namespace {

std::vector<RedisCommand> due_calls(std::string_view function,
                                    std::span<const PartitionId> partitions, std::size_t limit,
                                    std::string_view name) {
  std::vector<RedisCommand> commands;
  commands.reserve(partitions.size());
  for (const auto partition : partitions) {
    commands.push_back(RedisCommand::function(function, partition));
    commands.back().arg(std::min(limit, Store::kMaxDue));
    if (!name.empty()) commands.back().arg(name);
  }
  return commands;
}

// Each reply is {now, next or "", rows of `width` cells}.
template <class T, class Read>
DueList<T> merge_due(const RedisReplies& replies, std::span<const PartitionId> partitions,
                     std::size_t limit, std::size_t width, Read read) {
  DueList<T> list;
  for (std::size_t p = 0; p < partitions.size(); ++p) {
    const auto reply = replies[p];
    list.now = std::max(list.now, Instant{reply[0].integer()});
    if (!reply[1].text().empty()) note_next(list, Instant{reply[1].integer()});
    const auto rows = reply[2];
    for (std::size_t i = 0; i + width <= rows.size(); i += width)
      list.items.push_back(read(partitions[p], rows, i));
  }
  finish_due(list, limit);
  return list;
}

OutboxEntry read_outbox(PartitionId partition, RedisReply rows, std::size_t i) {
  OutboxEntry entry;
  entry.partition = partition;
  auto [key, item] = split_member(rows[i].text());
  entry.key = std::move(key);
  entry.due = Instant{rows[i + 1].integer()};
  entry.attempts = static_cast<int>(rows[i + 3].integer());
  const auto body = rows[i + 2].text();
  const auto nul = std::min(body.find('\0'), body.size());
  entry.item = {std::move(item), std::string(body.substr(0, nul)),
                std::string(body.substr(std::min(nul + 1, body.size()))), entry.due};
  return entry;
}

}  // namespace

Result<DueList<DueTimer>> RedisStore::due_timers(std::span<const PartitionId> partitions,
                                                 std::size_t limit) {
  auto replies = run(due_calls("due_timers_v1", partitions, limit, {}));
  if (!replies) return replies.error();
  return merge_due<DueTimer>(*replies, partitions, limit, 2,
                             [](PartitionId partition, RedisReply rows, std::size_t i) {
                               auto [key, clock] = split_member(rows[i].text());
                               return DueTimer{partition, std::move(key), std::move(clock),
                                               Instant{rows[i + 1].integer()}};
                             });
}

Result<DueList<OutboxEntry>> RedisStore::due_outbox(std::span<const PartitionId> partitions,
                                                    std::string_view kind, std::size_t limit) {
  auto replies = run(due_calls("due_outbox_v1", partitions, limit, kind));
  if (!replies) return replies.error();
  return merge_due<OutboxEntry>(*replies, partitions, limit, 4, read_outbox);
}

Result<DueList<PushEntry>> RedisStore::due_push(std::span<const PartitionId> partitions,
                                                std::string_view destination, std::size_t limit) {
  auto replies = run(due_calls("due_push_v1", partitions, limit, destination));
  if (!replies) return replies.error();
  return merge_due<PushEntry>(
      *replies, partitions, limit, 5, [&](PartitionId partition, RedisReply rows, std::size_t i) {
        return PushEntry{partition, std::string(rows[i].text()), std::string(destination),
                         static_cast<int>(rows[i + 2].integer()), Instant{rows[i + 1].integer()},
                         static_cast<std::uint64_t>(rows[i + 3].integer()), std::string(rows[i + 4].text())};
      });
}

Result<std::vector<Store::Queued>> RedisStore::queued(Queue queue, std::string_view name,
                                                      std::size_t limit) {
  std::vector<RedisCommand> commands;
  const std::string_view prefix = queue == Queue::kPush ? "q:" : "x:";
  for (PartitionId p = 0; p < partitions_; ++p) {
    commands.emplace_back("ZRANGE");
    commands.back().arg(partition_key(p, prefix, name)).arg(0).arg(limit - 1).arg("WITHSCORES");
  }
  if (limit == 0) commands.clear();
  auto replies = run(commands);
  if (!replies) return replies.error();
  std::vector<Queued> all;
  for (std::size_t p = 0; p < replies->size(); ++p) {
    const auto rows = (*replies)[p];
    for (std::size_t i = 0; i + 2 <= rows.size(); i += 2) {
      all.push_back(queued_from(queue, name, rows[i].text(), Instant{rows[i + 1].integer()}));
    }
  }
  keep_earliest(all, limit);
  return all;
}

Status RedisStore::outbox_done(std::span<const OutboxEntry> entries) {
  const auto groups =
      group_calls(entries.size(), [&](std::size_t i) { return ItemSize{home(entries[i].key.id)}; });
  return apply(function_calls("outbox_done_v1", groups, [&](RedisCommand& command, std::size_t i) {
    command.arg(member_name(entries[i].key, entries[i].item.key));
  }));
}

Status RedisStore::outbox_retry(std::span<const Retry> retries) {
  const auto groups =
      group_calls(retries.size(), [&](std::size_t i) { return ItemSize{home(retries[i].key.id)}; });
  return apply(function_calls("outbox_retry_v1", groups, [&](RedisCommand& command, std::size_t i) {
    command.arg(member_name(retries[i].key, retries[i].item)).arg(retries[i].at);
  }));
}

Status RedisStore::push_done(std::span<const PushDone> done) {
  const auto groups =
      group_calls(done.size(), [&](std::size_t i) { return ItemSize{home(done[i].person)}; });
  return apply(function_calls("push_done_v1", groups, [&](RedisCommand& command, std::size_t i) {
    command.arg(done[i].person).arg(done[i].destination).arg(done[i].version).arg(done[i].ref);
  }));
}

Status RedisStore::push_retry(std::span<const Retry> retries) {
  const auto groups =
      group_calls(retries.size(), [&](std::size_t i) { return ItemSize{home(retries[i].key.id)}; });
  return apply(function_calls("push_retry_v1", groups, [&](RedisCommand& command, std::size_t i) {
    command.arg(retries[i].key.id).arg(retries[i].item).arg(retries[i].at);
  }));
}

Status RedisStore::bury(std::span<const DeadLetter> letters, std::span<const DocKey> owners) {
  if (letters.size() != owners.size()) return error(Errc::kInternal, "bury: one owner a letter");
  for (std::size_t i = 0; i < letters.size(); ++i) {
    if (auto status = check_burial(letters[i], owners[i]); !status) return status;
  }
  const auto groups = group_calls(letters.size(), [&](std::size_t i) {
    return ItemSize{home(owners[i].id), 1, letters[i].payload.size()};
  });
  return apply(function_calls("bury_v1", groups, [&](RedisCommand& command, std::size_t i) {
    const auto& letter = letters[i];
    command.arg(document_name(owners[i]))
        .arg(letter.origin)
        .arg(letter.subject)
        .arg(letter.destination);
    command.arg(letter.reason).arg(letter.payload);
  }));
}

}  // namespace baton
