#include "gateway/app/documents/document_cache.h"

namespace baton {
namespace {

// Approximate memory of an open person.
std::size_t bytes_of(const OpenPerson& person) {
  const PersonState& state = person.state;
  return 2500 + person.base_text.size() + 180 * state.provenance.size() +
         250 * state.touches.size() + 12 * state.sums.size() +
         8 * state.archived_touch_hashes.size() + 64 * state.feedback.size() +
         1500 * (state.past.size() + (state.lead ? 1 : 0)) + 600 * state.clocks.size();
}

}  // namespace

void DocumentCache::Shard::drop(std::list<Entry>::iterator entry) {
  bytes -= entry->bytes;
  places.erase(entry->person.state.id);
  entries.erase(entry);
}

std::optional<OpenPerson> DocumentCache::take(const PersonId& id) {
  Shard& shard = shard_of(id);
  const std::lock_guard lock(shard.mutex);
  const auto found = shard.places.find(id);
  if (found == shard.places.end()) return std::nullopt;
  const auto entry = found->second;
  shard.bytes -= entry->bytes;
  shard.places.erase(found);
  std::optional<OpenPerson> person(std::move(entry->person));
  shard.entries.erase(entry);
  return person;
}

bool DocumentCache::peek(const PersonId& id, std::uint64_t version,
                         const std::function<void(const OpenPerson&)>& look) {
  Shard& shard = shard_of(id);
  const std::lock_guard lock(shard.mutex);
  const auto found = shard.places.find(id);
  if (found == shard.places.end() || found->second->person.version != version) return false;
  look(found->second->person);
  return true;
}

void DocumentCache::put(OpenPerson person, std::int64_t steady_ns) {
  Shard& shard = shard_of(person.state.id);
  const std::size_t bytes = bytes_of(person);
  if (bytes > most_) return;
  const std::lock_guard lock(shard.mutex);
  if (const auto old = shard.places.find(person.state.id); old != shard.places.end()) {
    if (old->second->person.version > person.version) return;
    shard.drop(old->second);
  }
  shard.entries.push_front({std::move(person), bytes, steady_ns});
  shard.places.emplace(shard.entries.front().person.state.id, shard.entries.begin());
  shard.bytes += bytes;
  while (shard.bytes > most_ ||
         steady_ns - shard.entries.back().put_ns > kSeconds * 1'000'000'000) {
    shard.drop(std::prev(shard.entries.end()));
  }
}

}  // namespace baton
