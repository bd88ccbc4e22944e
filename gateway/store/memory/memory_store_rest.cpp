#include <algorithm>

#include "gateway/store/memory/memory_store_impl.h"
#include "gateway/store/store_names.h"

namespace baton {

Result<std::vector<DeadLetter>> MemoryStore::dead_letters(std::size_t limit) {
  const auto guard = lock();
  std::vector<DeadLetter> letters;
  for (PartitionId p = 0; p < partitions(); ++p) {
    for (auto at = part(p).letters.entries.rbegin(); at != part(p).letters.entries.rend(); ++at) {
      letters.push_back(at->second.letter);
      letters.back().partition = p;
      letters.back().entry = to_entry(at->first);
      letters.back().at = Instant{at->first.first};
    }
  }
  std::stable_sort(letters.begin(), letters.end(),
                   [](const auto& a, const auto& b) { return a.at > b.at; });
  if (letters.size() > limit) letters.resize(limit);
  return letters;
}

Status MemoryStore::forget_dead_letter(const DeadLetter& letter) {
  const auto guard = lock();
  auto& part = this->part(letter.partition);
  const auto found = part.letters.entries.find(to_stream_id(letter.entry));
  if (found == part.letters.entries.end()) return {};
  if (found->second.letter.origin == "intake")
    part.seen[found->second.letter.subject] = state().now + days(7);
  part.letters.entries.erase(found);
  return {};
}

Status MemoryStore::requeue_dead_letter(const DeadLetter& letter) {
  const auto guard = lock();
  auto& part = this->part(letter.partition);
  const auto found = part.letters.entries.find(to_stream_id(letter.entry));
  if (found == part.letters.entries.end()) return error(Errc::kNotFound, "no such dead letter");
  const auto& filed = found->second;
  const auto payload = letter.payload.empty() ? filed.letter.payload : letter.payload;
  if (filed.letter.origin == "intake") {
    part.intake.append(state().now, {filed.letter.subject, payload});
    part.seen[filed.letter.subject] = kForever;
  } else if (filed.letter.origin == "push") {
    part.push[filed.letter.destination].add(filed.owner.id, state().now);
    if (const auto document = part.documents.find(document_name(filed.owner));
        document != part.documents.end())
      document->second.marks[filed.letter.destination] = document->second.value.version;
  } else {
    const auto member = member_name(filed.owner, filed.letter.subject);
    part.items[member] = {filed.kind, payload, 0};
    part.outbox[filed.kind].set(member, state().now);
    part.ended.erase(member);
  }
  part.letters.entries.erase(found);
  return {};
}

Result<bool> MemoryStore::consume_once(std::string_view key, Duration ttl) {
  const auto guard = lock();
  auto& until = home(key).once.try_emplace(std::string(key), Instant{INT64_MIN}).first->second;
  if (until > state().now) return false;
  until = state().now + ttl;
  return true;
}

Status MemoryStore::put_value(std::string_view name, std::string_view value) {
  const auto guard = lock();
  home(name).values[std::string(name)] = value;
  return {};
}

Result<std::string> MemoryStore::get_value(std::string_view name) {
  const auto guard = lock();
  const auto& values = home(name).values;
  const auto found = values.find(std::string(name));
  return found == values.end() ? std::string() : found->second;
}

Result<std::vector<PartitionId>> MemoryStore::lease(std::string_view node,
                                                    std::span<const PartitionId> wanted,
                                                    Duration ttl) {
  const auto guard = lock();
  std::vector<PartitionId> held;
  for (const auto p : wanted) {
    auto& lease = part(p).lease;
    if (lease && lease->until > state().now && lease->node != node) continue;
    lease = MemoryLease{std::string(node), state().now + ttl};
    held.push_back(p);
  }
  return held;
}

Status MemoryStore::release(std::string_view node, std::span<const PartitionId> held) {
  const auto guard = lock();
  for (const auto p : held) {
    if (part(p).lease && part(p).lease->node == node) part(p).lease.reset();
  }
  return {};
}

Result<Store::Counts> MemoryStore::counts() {
  const auto guard = lock();
  Counts total;
  for (const auto& part : state().partitions) {
    total.intake += part.intake.entries.size();
    total.timers += part.timers.size();
    total.outbox += part.items.size();
    for (const auto& [destination, queue] : part.push) {
      if (destination.find('?') == std::string::npos) total.push += queue.size();
    }
    total.dead_letters += part.letters.entries.size();
    total.persons += part.recent.size();
  }
  return total;
}

}  // namespace baton
