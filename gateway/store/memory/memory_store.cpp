#include "gateway/store/memory/memory_store.h"

#include <algorithm>
#include <iterator>

#include "gateway/store/memory/memory_store_impl.h"
#include "gateway/store/store_names.h"

namespace baton {

void MemoryQueue::set(const std::string& member, Instant at) {
  erase(member);
  at_[member] = at;
  ordered_.emplace(at, member);
}

void MemoryQueue::erase(const std::string& member) {
  const auto found = at_.find(member);
  if (found == at_.end()) return;
  ordered_.erase({found->second, member});
  at_.erase(found);
}

std::optional<Instant> MemoryQueue::find(const std::string& member) const {
  const auto found = at_.find(member);
  return found == at_.end() ? std::nullopt : std::optional(found->second);
}

void MemoryPartition::end_item(const std::string& member, Instant now) {
  const auto item = items.find(member);
  if (item == items.end()) return;
  ended[member] = now + days(7);
  outbox[item->second.kind].erase(member);
  items.erase(item);
}

MemoryDatabase::MemoryDatabase(PartitionId partitions, Instant now)
    : state_(std::make_unique<State>()) {
  state_->now = now;
  state_->partitions.resize(std::max<PartitionId>(partitions, 1));
}

MemoryDatabase::~MemoryDatabase() = default;

Instant MemoryDatabase::now() const {
  const std::lock_guard guard(state_->mutex);
  return state_->now;
}

void MemoryDatabase::set_now(Instant now) {
  const std::lock_guard guard(state_->mutex);
  state_->now = now;
}

void MemoryDatabase::advance(Duration by) {
  const std::lock_guard guard(state_->mutex);
  state_->now = state_->now + by;
}

std::optional<Instant> MemoryDatabase::earliest_timer() const {
  const std::lock_guard guard(state_->mutex);
  std::optional<Instant> earliest;
  for (const auto& partition : state_->partitions) {
    const auto& ordered = partition.timers.ordered();
    if (!ordered.empty() && (!earliest || ordered.begin()->first < *earliest))
      earliest = ordered.begin()->first;
  }
  return earliest;
}

std::unique_ptr<Store> make_memory_store(std::shared_ptr<MemoryDatabase> database) {
  return std::make_unique<MemoryStore>(std::move(database));
}

Result<StoreHealth> MemoryStore::health() {
  StoreHealth health;
  health.durability = "off";
  health.eviction = "noeviction";
  return health;
}

Result<std::vector<IntakeAnswer>> MemoryStore::intake(std::span<const IntakeRecord> records) {
  const auto guard = lock();
  std::vector<IntakeAnswer> answers;
  for (const auto& record : records) {
    auto& to = home(record.id);
    const auto seen = to.seen.find(record.id);
    if (seen != to.seen.end() && seen->second > state().now) {
      answers.push_back(IntakeAnswer::kDuplicate);
      continue;
    }
    to.intake.append(state().now, record);
    to.seen[record.id] = kForever;
    answers.push_back(IntakeAnswer::kStored);
  }
  return answers;
}

Result<std::vector<IntakeEntry>> MemoryStore::read_intake(PartitionId partition,
                                                          std::string_view after,
                                                          std::size_t limit) {
  const auto guard = lock();
  std::vector<IntakeEntry> found;
  const auto& entries = part(partition).intake.entries;
  for (auto at = after.empty() ? entries.begin() : entries.upper_bound(to_stream_id(after));
       at != entries.end() && found.size() < limit; ++at) {
    found.push_back({partition, to_entry(at->first), Instant{at->first.first}, at->second.id,
                     at->second.payload});
  }
  return found;
}

Result<std::vector<IntakeEntry>> MemoryStore::waiting_intake(
    std::span<const PartitionId> partitions, std::size_t limit,
    std::span<const EntryRef> finished) {
  if (auto status = finish_intake(finished); !status) return status.error();
  const std::size_t share =
      std::max<std::size_t>(limit / std::max<std::size_t>(partitions.size(), 1), 1);
  std::vector<IntakeEntry> found;
  for (const auto partition : partitions) {
    auto entries = read_intake(partition, {}, share);
    if (!entries) return entries.error();
    std::move(entries->begin(), entries->end(), std::back_inserter(found));
  }
  return found;
}

Status MemoryStore::finish_intake(std::span<const EntryRef> entries) {
  const auto guard = lock();
  for (const auto& entry : entries) {
    auto& from = part(entry.partition);
    from.seen[entry.id] = state().now + days(7);
    from.intake.entries.erase(to_stream_id(entry.entry));
  }
  return {};
}

Status MemoryStore::quarantine(std::span<const EntryRef> entries,
                               std::span<const DeadLetter> letters) {
  if (entries.size() != letters.size())
    return error(Errc::kInternal, "quarantine: each entry needs one letter");
  const auto guard = lock();
  for (std::size_t i = 0; i < entries.size(); ++i) {
    auto& from = part(entries[i].partition);
    if (from.intake.entries.erase(to_stream_id(entries[i].entry)) == 0) continue;
    MemoryLetter filed{letters[i], {}, {}};
    filed.letter.origin = "intake";
    filed.letter.subject = entries[i].id;
    from.letters.append(state().now, std::move(filed));
  }
  return {};
}

}  // namespace baton
