#include "gateway/store/memory/memory_store_impl.h"
#include "gateway/store/store_names.h"

namespace baton {

Result<std::vector<std::string>> MemoryStore::claim_identities(std::span<const Claim> claims) {
  const auto guard = lock();
  std::vector<std::string> holders;
  for (const auto& claim : claims) {
    holders.push_back(
        home(claim.claim).claims.try_emplace(claim.claim, claim.candidate).first->second);
  }
  return holders;
}

Result<std::vector<std::string>> MemoryStore::holders_of(std::span<const std::string> claims) {
  const auto guard = lock();
  std::vector<std::string> holders;
  for (const auto& claim : claims) {
    const auto& known = home(claim).claims;
    const auto found = known.find(claim);
    holders.push_back(found == known.end() ? std::string() : found->second);
  }
  return holders;
}

Status MemoryStore::repoint(std::span<const Repoint> moves) {
  const auto guard = lock();
  for (const auto& move : moves) {
    auto& known = home(move.claim).claims;
    const auto found = known.find(move.claim);
    if (found == known.end() || found->second != move.from) continue;
    if (move.to.empty()) {
      known.erase(found);
    } else {
      found->second = move.to;
    }
  }
  return {};
}

Result<std::vector<Document>> MemoryStore::load(std::span<const DocKey> keys) {
  const auto guard = lock();
  std::vector<Document> documents;
  for (const auto& key : keys) {
    if (auto status = check_key(key); !status) return status.error();
    const auto& known = home(key.id).documents;
    const auto found = known.find(document_name(key));
    documents.push_back(found == known.end() ? Document() : found->second.value);
  }
  return documents;
}

Result<std::vector<CommitAnswer>> MemoryStore::commit(std::span<const Commit> commits) {
  for (const auto& commit : commits) {
    if (auto status = check_commit(commit); !status) return status.error();
  }
  const auto guard = lock();
  std::vector<CommitAnswer> answers;
  for (const auto& commit : commits) answers.push_back(commit_one(commit));
  return answers;
}

CommitAnswer MemoryStore::commit_one(const Commit& commit) {
  auto& part = home(commit.key.id);
  const auto name = document_name(commit.key);
  const auto found = part.documents.find(name);
  if ((found == part.documents.end() ? 0 : found->second.value.version) !=
      commit.expected_version) {
    return CommitAnswer::kConflict;
  }
  auto& document = part.documents[name];
  if (commit.expected_version == 0) document.value.sealed_key = commit.sealed_key;
  document.value.version = commit.expected_version + 1;
  document.value.bytes = commit.bytes;
  for (const auto& destination : commit.push) {
    document.marks[destination] = document.value.version;
    auto& queue = part.push[destination];
    const auto waits = queue.find(commit.key.id);
    if (!waits)
      queue.set(commit.key.id, commit.priority ? state().now - kPriorityLead : state().now);
    else if (commit.priority && *waits <= state().now)
      queue.set(commit.key.id, std::min(*waits, state().now - kPriorityLead));
  }
  apply_effects(part, commit, name);
  if (commit.erase) {
    document.value.sealed_key.clear();
    document.value.external_ids.clear();
    part.recent.erase(commit.key.id);
  }
  return CommitAnswer::kDone;
}

void MemoryStore::apply_effects(MemoryPartition& part, const Commit& commit,
                                const std::string& name) {
  std::vector<std::string> done;
  for (const auto& key : commit.outbox_done) {
    if (part.items.contains(member_name(commit.key, key)))
      done.push_back(member_name(commit.key, key));
  }
  if (!commit.log.empty()) part.log.append(state().now, {name, commit.log});
  if (commit.touched) part.recent.set(commit.key.id, *commit.touched);
  for (const auto& item : commit.outbox_add) {
    const auto member = member_name(commit.key, item.key);
    const auto ended = part.ended.find(member);
    if (part.items.contains(member) || (ended != part.ended.end() && ended->second > state().now))
      continue;
    part.items[member] = {item.kind, item.payload, 0};
    part.outbox[item.kind].set(member, item.not_before);
  }
  for (const auto& timer : commit.timers) {
    const auto member = member_name(commit.key, to_string(timer.timer));
    timer.due ? part.timers.set(member, *timer.due) : part.timers.erase(member);
  }
  for (const auto& member : done) part.end_item(member, state().now);
}

Result<std::vector<LogRecord>> MemoryStore::history(const DocKey& key, std::size_t limit) {
  if (auto status = check_key(key); !status) return status.error();
  const auto guard = lock();
  std::vector<LogRecord> records;
  const auto name = document_name(key);
  for (const auto& [id, record] : home(key.id).log.entries) {
    if (record.name == name) records.push_back({to_entry(id), Instant{id.first}, record.bytes});
  }
  if (records.size() > limit)
    records.erase(records.begin(), records.end() - static_cast<std::ptrdiff_t>(limit));
  return records;
}

Result<std::vector<LogRecord>> MemoryStore::read_log(PartitionId partition, std::string_view after,
                                                     std::size_t limit) {
  const auto guard = lock();
  std::vector<LogRecord> records;
  const auto& entries = part(partition).log.entries;
  for (auto at = after.empty() ? entries.begin() : entries.upper_bound(to_stream_id(after));
       at != entries.end() && records.size() < limit; ++at) {
    records.push_back({to_entry(at->first), Instant{at->first.first}, at->second.bytes});
  }
  return records;
}

Result<std::vector<std::string>> MemoryStore::recent_persons(std::size_t offset,
                                                             std::size_t limit) {
  const auto guard = lock();
  std::set<std::pair<Instant, std::string>> all;
  for (const auto& part : state().partitions)
    all.insert(part.recent.ordered().begin(), part.recent.ordered().end());
  std::vector<std::string> persons;
  std::size_t skipped = 0;
  for (auto at = all.rbegin(); at != all.rend() && persons.size() < limit; ++at) {
    if (skipped++ >= offset) persons.push_back(at->second);
  }
  return persons;
}

}  // namespace baton
