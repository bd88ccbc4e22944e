#include "gateway/store/redis/redis_store_impl.h"

namespace baton {
namespace {

constexpr std::string_view kDocuments = "{p*}:p:*";

ItemSize entry_size_of(const IndexEntry& entry, PartitionId partition) {
  return {partition, 2 + entry.timers.size(), 0};
}

void add_entry(RedisCommand& command, const IndexEntry& entry) {
  command.arg("p:" + entry.person).arg(entry.version).arg(entry.touched).arg(entry.timers.size());
  for (const auto& timer : entry.timers) {
    command.arg(to_string(timer.timer));
    timer.due ? command.arg(*timer.due) : command.arg("");
  }
}

IndexFix to_index_fix(RedisReply row) {
  const auto cell = [&](std::size_t i) { return static_cast<std::uint64_t>(row[i].integer()); };
  return {row[0].integer() == 1, cell(1), cell(2), cell(3)};
}

}  // namespace

Result<Store::Walk> RedisStore::walk_persons(std::string_view cursor, std::size_t limit) {
  auto replies = run_one(RedisCommand("SCAN")
                             .arg(cursor.empty() ? "0" : cursor)
                             .arg("MATCH")
                             .arg(kDocuments)
                             .arg("COUNT")
                             .arg(limit));
  if (!replies) return replies.error();
  const auto reply = (*replies)[0];
  Walk walk;
  walk.cursor = reply[0].text() == "0" ? std::string() : std::string(reply[0].text());
  for (std::size_t i = 0; i < reply[1].size(); ++i) {
    const auto key = reply[1][i].text();
    walk.persons.emplace_back(key.substr(key.rfind(':') + 1));
  }
  return walk;
}

Result<std::vector<IndexFix>> RedisStore::reindex(std::span<const IndexEntry> entries) {
  const auto groups = group_calls(entries.size(), [&](std::size_t i) {
    return entry_size_of(entries[i], home(entries[i].person));
  });
  auto replies =
      run(function_calls("reindex_v1", groups, [&](RedisCommand& command, std::size_t i) {
        add_entry(command, entries[i]);
      }));
  if (!replies) return replies.error();
  std::vector<IndexFix> fixed(entries.size());
  for (std::size_t g = 0; g < groups.size(); ++g) {
    for (std::size_t k = 0; k < groups[g].items.size(); ++k)
      fixed[groups[g].items[k]] = to_index_fix((*replies)[g][k]);
  }
  return fixed;
}

}  // namespace baton
