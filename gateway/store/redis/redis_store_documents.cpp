#include "gateway/store/redis/redis_library.h"
#include "gateway/store/redis/redis_store_impl.h"
#include "gateway/store/store_names.h"

namespace baton {
namespace {

void add_commit(RedisCommand& command, const Commit& commit) {
  command.arg(document_name(commit.key))
      .arg(commit.expected_version)
      .arg(commit.expected_version + 1);
  command.arg(commit.bytes).arg(commit.sealed_key).arg(commit.log);
  commit.touched ? command.arg(*commit.touched) : command.arg("");
  command.arg(commit.erase ? "1" : commit.priority ? "h" : "");
  command.arg(commit.timers.size());
  for (const auto& timer : commit.timers) {
    command.arg(to_string(timer.timer));
    timer.due ? command.arg(*timer.due) : command.arg("");
  }
  command.arg(commit.outbox_add.size());
  for (const auto& item : commit.outbox_add) {
    command.arg(item.key).arg(item.kind).arg(item.payload).arg(item.not_before);
  }
  command.arg(commit.outbox_done.size());
  for (const auto& key : commit.outbox_done) command.arg(key);
  command.arg(commit.push.size());
  for (const auto& destination : commit.push) command.arg(destination);
}

ItemSize size_of(const Commit& commit, PartitionId partition) {
  auto bytes = commit.bytes.size() + commit.log.size() + commit.sealed_key.size();
  for (const auto& item : commit.outbox_add) bytes += item.payload.size();
  return {partition,
          1 + commit.timers.size() + commit.outbox_add.size() + commit.outbox_done.size() +
              commit.push.size(),
          bytes};
}

Document to_document(RedisReply fields) {
  Document document;
  for (std::size_t i = 0; i + 1 < fields.size(); i += 2) {
    const auto name = fields[i].text();
    const auto value = fields[i + 1];
    if (name == "v") document.version = static_cast<std::uint64_t>(value.integer());
    if (name == "b") document.bytes = value.text();
    if (name == "k") document.sealed_key = value.text();
    if (name.starts_with("r:")) document.external_ids[std::string(name.substr(2))] = value.text();
  }
  return document;
}

}  // namespace

Result<std::vector<std::string>> RedisStore::claim_identities(std::span<const Claim> claims) {
  const auto groups =
      group_calls(claims.size(), [&](std::size_t i) { return ItemSize{home(claims[i].claim)}; });
  auto replies = run(function_calls("claim_v1", groups, [&](RedisCommand& command, std::size_t i) {
    command.arg(claims[i].claim).arg(claims[i].candidate);
  }));
  if (!replies) return replies.error();
  std::vector<std::string> holders(claims.size());
  for (std::size_t g = 0; g < groups.size(); ++g) {
    for (std::size_t k = 0; k < groups[g].items.size(); ++k)
      holders[groups[g].items[k]] = (*replies)[g][k].text();
  }
  return holders;
}

Result<std::vector<std::string>> RedisStore::holders_of(std::span<const std::string> claims) {
  std::vector<RedisCommand> commands;
  commands.reserve(claims.size());
  for (const auto& claim : claims)
    commands.push_back(
        RedisCommand("GET").in(home(claim)).arg(partition_key(home(claim), "c:", claim)));
  auto replies = run(commands);
  if (!replies) return replies.error();
  std::vector<std::string> holders;
  for (std::size_t i = 0; i < claims.size(); ++i) holders.emplace_back((*replies)[i].text());
  return holders;
}

Status RedisStore::repoint(std::span<const Repoint> moves) {
  const auto groups =
      group_calls(moves.size(), [&](std::size_t i) { return ItemSize{home(moves[i].claim)}; });
  return apply(function_calls("repoint_v1", groups, [&](RedisCommand& command, std::size_t i) {
    command.arg(moves[i].claim).arg(moves[i].from).arg(moves[i].to);
  }));
}

Result<std::vector<Document>> RedisStore::load(std::span<const DocKey> keys) {
  std::vector<RedisCommand> commands;
  commands.reserve(keys.size());
  for (const auto& key : keys) {
    if (auto status = check_key(key); !status) return status.error();
    const auto partition = home(key.id);
    commands.push_back(
        RedisCommand("HGETALL").in(partition).arg(partition_key(partition, document_name(key))));
  }
  auto replies = run(commands);
  if (!replies) return replies.error();
  std::vector<Document> documents;
  for (std::size_t i = 0; i < keys.size(); ++i) documents.push_back(to_document((*replies)[i]));
  return documents;
}

Result<std::vector<CommitAnswer>> RedisStore::commit(std::span<const Commit> commits) {
  for (const auto& commit : commits) {
    if (auto status = check_commit(commit); !status) return status.error();
  }
  const auto groups = group_calls(
      commits.size(), [&](std::size_t i) { return size_of(commits[i], home(commits[i].key.id)); });
  auto calls = function_calls("commit_v1", groups, [&](RedisCommand& command, std::size_t i) {
    add_commit(command, commits[i]);
  });
  for (auto& call : calls) call.join_arguments();
  auto replies = run(calls);
  if (!replies) return replies.error();
  std::vector<CommitAnswer> answers(commits.size(), CommitAnswer::kConflict);
  for (std::size_t g = 0; g < groups.size(); ++g) {
    for (std::size_t k = 0; k < groups[g].items.size(); ++k) {
      if ((*replies)[g][k].integer() == 1) answers[groups[g].items[k]] = CommitAnswer::kDone;
    }
  }
  return answers;
}

}  // namespace baton
