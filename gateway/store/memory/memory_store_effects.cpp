#include "gateway/store/due_merge.h"
#include "gateway/store/memory/memory_store_impl.h"
#include "gateway/store/store_names.h"

namespace baton {
namespace {

template <class T, class Make>
void collect_due(DueList<T>& list, const MemoryQueue& queue, std::size_t limit, Make make,
                 std::size_t most = Store::kMaxDue) {
  std::size_t taken = 0;
  for (const auto& [due, member] : queue.ordered()) {
    if (due > list.now) {
      note_next(list, due);
      return;
    }
    if (taken++ < std::min(limit, most)) list.items.push_back(make(member, due));
  }
}

// Two writers may report the same retry. The second one finds the time already set.
bool move_to(MemoryQueue& queue, const std::string& member, Instant at) {
  const auto now = queue.find(member);
  if (!now || *now == at) return false;
  queue.set(member, at);
  return true;
}

}  // namespace

Result<DueList<DueTimer>> MemoryStore::due_timers(std::span<const PartitionId> partitions,
                                                  std::size_t limit) {
  const auto guard = lock();
  DueList<DueTimer> list;
  list.now = state().now;
  for (const auto p : partitions) {
    collect_due(list, part(p).timers, limit, [p](const std::string& member, Instant due) {
      auto [key, name] = split_member(member);
      return DueTimer{p, std::move(key), parse_timer_id(name), due};
    });
  }
  finish_due(list, limit);
  return list;
}

Result<DueList<OutboxEntry>> MemoryStore::due_outbox(std::span<const PartitionId> partitions,
                                                     std::string_view kind, std::size_t limit) {
  const auto guard = lock();
  DueList<OutboxEntry> list;
  list.now = state().now;
  for (const auto p : partitions) {
    collect_due(
        list, part(p).outbox[std::string(kind)], limit,
        [&](const std::string& member, Instant due) {
          const auto& item = part(p).items[member];
          auto [key, name] = split_member(member);
          return OutboxEntry{p,
                             std::move(key),
                             {std::move(name), item.kind, item.payload, due},
                             item.attempts,
                             due};
        },
        Store::kMaxDueOutbox);
  }
  finish_due(list, limit);
  return list;
}

Result<DueList<PushEntry>> MemoryStore::due_push(std::span<const PartitionId> partitions,
                                                 std::string_view destination, std::size_t limit) {
  const auto guard = lock();
  DueList<PushEntry> list;
  list.now = state().now;
  const std::string to(destination);
  for (const auto p : partitions) {
    collect_due(list, part(p).push[to], limit, [&](const std::string& person, Instant due) {
      const auto attempts = part(p).push_attempts.find(to + ":" + person);
      PushEntry entry{
          p,   person, to, attempts == part(p).push_attempts.end() ? 0 : attempts->second,
          due, 0,      {}};
      const auto document = part(p).documents.find("p:" + person);
      if (document == part(p).documents.end()) return entry;
      entry.version = document->second.value.version;
      const auto ref = document->second.value.external_ids.find(to);
      if (ref != document->second.value.external_ids.end()) entry.ref = ref->second;
      return entry;
    });
  }
  finish_due(list, limit);
  return list;
}

Result<std::vector<Store::Queued>> MemoryStore::queued(Queue queue, std::string_view name,
                                                       std::size_t limit) {
  const auto guard = lock();
  std::vector<Queued> all;
  for (PartitionId p = 0; p < partitions(); ++p) {
    auto& members =
        queue == Queue::kPush ? part(p).push[std::string(name)] : part(p).outbox[std::string(name)];
    for (const auto& [due, member] : members.ordered())
      all.push_back(queued_from(queue, name, member, due));
  }
  keep_earliest(all, limit);
  return all;
}

Status MemoryStore::outbox_done(std::span<const OutboxEntry> entries) {
  const auto guard = lock();
  for (const auto& entry : entries)
    home(entry.key.id).end_item(member_name(entry.key, entry.item.key), state().now);
  return {};
}

Status MemoryStore::outbox_retry(std::span<const Retry> retries) {
  const auto guard = lock();
  for (const auto& retry : retries) {
    auto& part = home(retry.key.id);
    const auto item = part.items.find(member_name(retry.key, retry.item));
    if (item == part.items.end()) continue;
    if (move_to(part.outbox[item->second.kind], item->first, retry.at)) ++item->second.attempts;
  }
  return {};
}

Status MemoryStore::outbox_later(std::span<const Retry> items) {
  const auto guard = lock();
  for (const auto& one : items) {
    auto& part = home(one.key.id);
    const auto item = part.items.find(member_name(one.key, one.item));
    if (item != part.items.end()) move_to(part.outbox[item->second.kind], item->first, one.at);
  }
  return {};
}

Status MemoryStore::push_done(std::span<const PushDone> done) {
  const auto guard = lock();
  for (const auto& one : done) {
    auto& part = home(one.person);
    auto& queue = part.push[one.destination];
    part.push_attempts.erase(one.destination + ":" + one.person);
    std::uint64_t mark = 0;
    if (const auto found = part.documents.find("p:" + one.person); found != part.documents.end()) {
      auto& document = found->second;
      if (!one.ref.empty()) document.value.external_ids[one.destination] = one.ref;
      if (document.marks.contains(one.destination)) mark = document.marks[one.destination];
      if (mark <= one.version) document.marks.erase(one.destination);
    }
    if (mark <= one.version) {
      queue.erase(one.person);
    } else if (const auto waits = queue.find(one.person); waits && *waits > state().now) {
      queue.set(one.person, state().now);
    }
  }
  return {};
}

Status MemoryStore::push_retry(std::span<const Retry> retries) {
  const auto guard = lock();
  for (const auto& retry : retries) {
    auto& part = home(retry.key.id);
    if (move_to(part.push[retry.item], retry.key.id, retry.at))
      ++part.push_attempts[retry.item + ":" + retry.key.id];
  }
  return {};
}

Status MemoryStore::dead_letter(std::span<const DeadLetter> letters,
                                std::span<const DocKey> owners) {
  if (letters.size() != owners.size())
    return error(Errc::kInternal, "dead_letter: each letter needs one owner");
  for (std::size_t i = 0; i < letters.size(); ++i) {
    if (auto status = check_dead_letter(letters[i], owners[i]); !status) return status;
  }
  const auto guard = lock();
  for (std::size_t i = 0; i < letters.size(); ++i) {
    auto& part = home(owners[i].id);
    MemoryLetter filed{letters[i], owners[i], {}};
    if (letters[i].origin == "push") {
      auto& queue = part.push[letters[i].destination];
      if (!queue.find(owners[i].id)) continue;
      part.push_attempts.erase(letters[i].destination + ":" + owners[i].id);
      queue.erase(owners[i].id);
      if (const auto document = part.documents.find(document_name(owners[i]));
          document != part.documents.end())
        document->second.marks.erase(letters[i].destination);
    } else {
      const auto member = member_name(owners[i], letters[i].subject);
      const auto item = part.items.find(member);
      if (item == part.items.end()) continue;
      filed.kind = item->second.kind;
      if (filed.letter.payload.empty()) filed.letter.payload = item->second.payload;
      part.end_item(member, state().now);
    }
    part.letters.append(state().now, std::move(filed));
  }
  return {};
}

}  // namespace baton
