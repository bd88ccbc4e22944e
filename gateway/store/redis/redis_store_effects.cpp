#include <algorithm>
#include <iterator>
#include <numeric>

#include "gateway/store/due_merge.h"
#include "gateway/store/redis/redis_store_impl.h"
#include "gateway/store/store_names.h"

namespace baton {
namespace {

// A call that asks one partition after the other for due items.
struct DueCall {
  std::string_view function;
  std::string_view name;  // of the queue, or ""
  std::size_t width;      // cells in a row
  std::size_t most = Store::kMaxDue;
};

std::vector<RedisCommand> due_calls(const DueCall& call, std::span<const PartitionId> partitions,
                                    std::size_t limit) {
  std::vector<RedisCommand> commands;
  commands.reserve(partitions.size());
  for (const auto partition : partitions) {
    commands.push_back(RedisCommand::function(call.function, partition));
    commands.back().arg(limit);
    if (!call.name.empty()) commands.back().arg(call.name);
  }
  return commands;
}

// How many items to ask each partition for. If the queue is long, a partition is asked for little
// more than its share, and asked again if it may hold more of the oldest items. Otherwise nearly
// all of the rows read would be discarded.
std::size_t share_of(std::size_t limit, std::size_t partitions) {
  constexpr std::size_t kLeast = 8;
  return std::min(limit, std::max(kLeast, 2 * limit / std::max<std::size_t>(partitions, 1)));
}

// Each reply is {now, next or "", rows of `width` cells}; `run` sends commands.
template <class T, class Run, class Read>
Result<DueList<T>> collect_due(const DueCall& call, std::span<const PartitionId> partitions,
                               std::size_t limit, Run run, Read read) {
  const std::size_t most = std::min(limit, call.most), share = share_of(most, partitions.size());
  DueList<T> list;
  std::vector<std::vector<T>> parts(partitions.size());
  const auto ask = [&](std::span<const std::size_t> which, std::size_t rows_wanted) -> Status {
    std::vector<PartitionId> asked;
    for (const auto i : which) asked.push_back(partitions[i]);
    auto replies = run(due_calls(call, asked, rows_wanted));
    if (!replies) return replies.error();
    for (std::size_t n = 0; n < which.size(); ++n) {
      const auto reply = (*replies)[n];
      list.now = std::max(list.now, Instant{reply[0].integer()});
      if (!reply[1].text().empty()) note_next(list, Instant{reply[1].integer()});
      const auto rows = reply[2];
      auto& part = parts[which[n]];
      part.clear();
      for (std::size_t i = 0; i + call.width <= rows.size(); i += call.width)
        part.push_back(read(asked[n], rows, i));
    }
    return {};
  };
  std::vector<std::size_t> which(partitions.size());
  std::iota(which.begin(), which.end(), std::size_t{0});
  if (auto asked = ask(which, share); !asked) return asked.error();
  for (const auto& part : parts) list.items.insert(list.items.end(), part.begin(), part.end());
  finish_due(list, limit);
  const auto holds_more = [&](std::size_t i) {
    return parts[i].size() == share &&
           (list.items.size() < limit || parts[i].back().due <= list.items.back().due);
  };
  std::erase_if(which, [&](std::size_t i) { return !holds_more(i); });
  if (share == most || which.empty()) return list;
  if (auto asked = ask(which, most); !asked) return asked.error();
  list.items.clear();
  for (auto& part : parts) std::move(part.begin(), part.end(), std::back_inserter(list.items));
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
  return collect_due<DueTimer>(
      {"due_timers_v1", {}, 2}, partitions, limit,
      [&](const auto& commands) { return run(commands); },
      [](PartitionId partition, RedisReply rows, std::size_t i) {
        auto [key, name] = split_member(rows[i].text());
        return DueTimer{partition, std::move(key), parse_timer_id(name),
                        Instant{rows[i + 1].integer()}};
      });
}

Result<DueList<OutboxEntry>> RedisStore::due_outbox(std::span<const PartitionId> partitions,
                                                    std::string_view kind, std::size_t limit) {
  return collect_due<OutboxEntry>(
      {"due_outbox_v1", kind, 4, Store::kMaxDueOutbox}, partitions, limit,
      [&](const auto& commands) { return run(commands); }, read_outbox);
}

Result<DueList<PushEntry>> RedisStore::due_push(std::span<const PartitionId> partitions,
                                                std::string_view destination, std::size_t limit) {
  return collect_due<PushEntry>(
      {"due_push_v1", destination, 5}, partitions, limit,
      [&](const auto& commands) { return run(commands); },
      [&](PartitionId partition, RedisReply rows, std::size_t i) {
        return PushEntry{partition,
                         std::string(rows[i].text()),
                         std::string(destination),
                         static_cast<int>(rows[i + 2].integer()),
                         Instant{rows[i + 1].integer()},
                         static_cast<std::uint64_t>(rows[i + 3].integer()),
                         std::string(rows[i + 4].text())};
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

Status RedisStore::outbox_later(std::span<const Retry> items) {
  const auto groups =
      group_calls(items.size(), [&](std::size_t i) { return ItemSize{home(items[i].key.id)}; });
  return apply(function_calls("outbox_later_v1", groups, [&](RedisCommand& command, std::size_t i) {
    command.arg(member_name(items[i].key, items[i].item)).arg(items[i].at);
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

Status RedisStore::dead_letter(std::span<const DeadLetter> letters,
                               std::span<const DocKey> owners) {
  if (letters.size() != owners.size())
    return error(Errc::kInternal, "dead_letter: each letter needs one owner");
  for (std::size_t i = 0; i < letters.size(); ++i) {
    if (auto status = check_dead_letter(letters[i], owners[i]); !status) return status;
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
