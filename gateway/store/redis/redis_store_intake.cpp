#include "gateway/store/redis/redis_store_impl.h"

#include <algorithm>

#include "gateway/store/store_names.h"

namespace baton {
namespace {

// Minimum for a partition in one round.
constexpr std::size_t kLeastShare = 16;

void read_entries(PartitionId partition, RedisReply rows, std::vector<IntakeEntry>& out) {
  for (std::size_t i = 0; i < rows.size(); ++i) {
    const auto id = rows[i][0].text();
    const auto fields = rows[i][1];
    out.push_back({partition, std::string(id), entry_instant(id), std::string(fields[1].text()),
                   std::string(fields[3].text())});
  }
}

std::vector<RedisCommand> finish_calls(std::span<const EntryRef> entries) {
  const auto groups =
      group_calls(entries.size(), [&](std::size_t i) { return ItemSize{entries[i].partition}; });
  return function_calls("finish_intake_v1", groups, [&](RedisCommand& command, std::size_t i) {
    command.arg(entries[i].entry).arg(entries[i].id);
  });
}

}  // namespace

Result<std::vector<IntakeAnswer>> RedisStore::intake(std::span<const IntakeRecord> records) {
  std::vector<RedisCommand> commands;
  commands.reserve(records.size());
  for (const auto& record : records) {
    const auto partition = home(record.id);
    commands.push_back(RedisCommand::with_keys(
        "intake_v1", partition_key(partition, "d:", record.id), partition_key(partition, "i")));
    commands.back().in(partition).arg(record.id).arg(record.payload);
  }
  auto replies = run(commands);
  if (!replies) return replies.error();
  std::vector<IntakeAnswer> answers;
  for (std::size_t i = 0; i < records.size(); ++i) {
    auto answer = intake_answer((*replies)[i]);
    if (!answer) return answer.error();
    answers.push_back(*answer);
  }
  return answers;
}

Result<RedisReplies> RedisStore::entries(PartitionId partition, std::string_view stream,
                                         std::string_view after, std::size_t limit) {
  RedisCommand command("XRANGE");
  command.in(partition).arg(partition_key(partition, stream));
  if (after.empty()) {
    command.arg("-");
  } else {
    command.arg("(" + std::string(after));
  }
  return run_one(command.arg("+").arg("COUNT").arg(limit));
}

Result<std::vector<IntakeEntry>> RedisStore::read_intake(PartitionId partition,
                                                         std::string_view after,
                                                         std::size_t limit) {
  auto replies = entries(partition, "i", after, limit);
  if (!replies) return replies.error();
  std::vector<IntakeEntry> found;
  read_entries(partition, (*replies)[0], found);
  return found;
}

Result<std::vector<IntakeEntry>> RedisStore::waiting_intake(std::span<const PartitionId> partitions,
                                                            std::size_t limit,
                                                            std::span<const EntryRef> finished) {
  auto commands = finish_calls(finished);
  const std::size_t first = commands.size();
  const std::size_t share =
      std::max(limit / std::max<std::size_t>(partitions.size(), 1), kLeastShare);
  for (const auto partition : partitions) {
    commands.push_back(RedisCommand("XRANGE").in(partition).arg(partition_key(partition, "i")));
    commands.back().arg("-").arg("+").arg("COUNT").arg(share);
  }
  auto replies = run(commands);
  if (!replies) return replies.error();
  std::vector<IntakeEntry> found;
  found.reserve(limit);
  for (std::size_t i = 0; i < partitions.size(); ++i)
    read_entries(partitions[i], (*replies)[first + i], found);
  return found;
}

Status RedisStore::finish_intake(std::span<const EntryRef> entries) {
  return apply(finish_calls(entries));
}

Status RedisStore::quarantine(std::span<const EntryRef> entries,
                              std::span<const DeadLetter> letters) {
  if (entries.size() != letters.size())
    return error(Errc::kInternal, "quarantine: each entry needs one letter");
  const auto groups = group_calls(entries.size(), [&](std::size_t i) {
    return ItemSize{entries[i].partition, 1, letters[i].payload.size()};
  });
  return apply(function_calls("quarantine_v1", groups, [&](RedisCommand& command, std::size_t i) {
    const auto& letter = letters[i];
    command.arg(entries[i].entry)
        .arg("intake")
        .arg(entries[i].id)
        .arg(letter.destination)
        .arg(letter.reason);
    command.arg(letter.payload);
  }));
}

}  // namespace baton
