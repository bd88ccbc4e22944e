#include <algorithm>

#include "gateway/store/redis/redis_store_impl.h"
#include "gateway/store/store_names.h"

namespace baton {
namespace {

DeadLetter to_letter(PartitionId partition, RedisReply row) {
  DeadLetter letter;
  letter.partition = partition;
  letter.entry = row[0].text();
  letter.at = entry_instant(letter.entry);
  const auto fields = row[1];
  for (std::size_t i = 0; i + 1 < fields.size(); i += 2) {
    const auto name = fields[i].text();
    const auto value = fields[i + 1].text();
    if (name == "o") letter.origin = value;
    if (name == "s") letter.subject = value;
    if (name == "d") letter.destination = value;
    if (name == "r") letter.reason = value;
    if (name == "b") letter.payload = value;
  }
  return letter;
}

struct Recent {
  std::int64_t at;
  std::string person;
};

}  // namespace

Result<std::vector<DeadLetter>> RedisStore::dead_letters(std::size_t limit) {
  std::vector<RedisCommand> commands;
  for (PartitionId p = 0; p < partitions_; ++p) {
    commands.push_back(RedisCommand("XREVRANGE")
                           .arg(partition_key(p, "dl"))
                           .arg("+")
                           .arg("-")
                           .arg("COUNT")
                           .arg(limit));
  }
  auto replies = run(commands);
  if (!replies) return replies.error();
  std::vector<DeadLetter> letters;
  for (PartitionId p = 0; p < partitions_; ++p) {
    const auto rows = (*replies)[p];
    for (std::size_t i = 0; i < rows.size(); ++i) letters.push_back(to_letter(p, rows[i]));
  }
  std::stable_sort(letters.begin(), letters.end(),
                   [](const auto& a, const auto& b) { return a.at > b.at; });
  if (letters.size() > limit) letters.resize(limit);
  return letters;
}

Status RedisStore::forget_dead_letter(const DeadLetter& letter) {
  const RedisCommand command =
      RedisCommand::function("forget_letter_v1", letter.partition).arg(letter.entry);
  return apply({&command, 1});
}

Status RedisStore::requeue_dead_letter(const DeadLetter& letter) {
  auto replies = run_one(RedisCommand::function("revive_letter_v1", letter.partition)
                             .arg(letter.entry)
                             .arg(letter.payload));
  if (!replies) return replies.error();
  if ((*replies)[0].integer() == 0) return error(Errc::kNotFound, "no such dead letter");
  return {};
}

// Follows the chain back one page a call, so that a long history does not block Redis.
Result<std::vector<LogRecord>> RedisStore::history(const DocKey& key, std::size_t limit) {
  constexpr std::size_t kPage = 128;
  if (auto status = check_key(key); !status) return status.error();
  std::vector<LogRecord> records;
  std::string from;
  do {
    const auto page = std::min(kPage, limit - records.size());
    auto replies = run_one(RedisCommand::function("history_v1", home(key.id))
                               .arg(document_name(key))
                               .arg(page)
                               .arg(from));
    if (!replies) return replies.error();
    const auto cells = (*replies)[0];
    from.clear();
    for (std::size_t i = 0; i + 2 < cells.size(); i += 3) {
      const auto entry = cells[i].text();
      records.push_back(
          {std::string(entry), entry_instant(entry), std::string(cells[i + 2].text())});
      from = cells[i + 1].text();
    }
  } while (!from.empty() && records.size() < limit);
  std::reverse(records.begin(), records.end());
  return records;
}

Result<std::vector<LogRecord>> RedisStore::read_log(PartitionId partition, std::string_view after,
                                                    std::size_t limit) {
  auto replies = entries(partition, "l", after, limit);
  if (!replies) return replies.error();
  std::vector<LogRecord> records;
  const auto rows = (*replies)[0];
  for (std::size_t i = 0; i < rows.size(); ++i) {
    const auto entry = rows[i][0].text();
    records.push_back(
        {std::string(entry), entry_instant(entry), std::string(rows[i][1][5].text())});
  }
  return records;
}

Result<std::vector<std::string>> RedisStore::recent_persons(std::size_t offset, std::size_t limit) {
  if (limit == 0) return std::vector<std::string>();
  std::vector<RedisCommand> commands;
  for (PartitionId p = 0; p < partitions_; ++p) {
    commands.push_back(RedisCommand("ZREVRANGE")
                           .arg(partition_key(p, "u"))
                           .arg(0)
                           .arg(offset + limit - 1)
                           .arg("WITHSCORES"));
  }
  auto replies = run(commands);
  if (!replies) return replies.error();
  std::vector<Recent> all;
  for (PartitionId p = 0; p < partitions_; ++p) {
    const auto cells = (*replies)[p];
    for (std::size_t i = 0; i + 1 < cells.size(); i += 2) {
      all.push_back({cells[i + 1].integer(), std::string(cells[i].text())});
    }
  }
  std::sort(all.begin(), all.end(), [](const Recent& a, const Recent& b) {
    return a.at != b.at ? a.at > b.at : a.person > b.person;
  });
  std::vector<std::string> persons;
  for (std::size_t i = offset; i < all.size() && persons.size() < limit; ++i)
    persons.push_back(all[i].person);
  return persons;
}

}  // namespace baton
