#include "gateway/store/memory/memory_store_impl.h"
#include "gateway/store/store_names.h"

namespace baton {

Result<Store::Walk> MemoryStore::walk_persons(std::string_view cursor, std::size_t limit) {
  const auto guard = lock();
  std::set<std::string> names;
  for (const auto& part : state().partitions) {
    for (const auto& [name, document] : part.documents) {
      if (name.starts_with("p:")) names.insert(name.substr(2));
    }
  }
  Walk walk;
  for (auto at = names.upper_bound(std::string(cursor));
       at != names.end() && walk.persons.size() < limit; ++at)
    walk.persons.push_back(*at);
  if (!walk.persons.empty() && walk.persons.back() != *names.rbegin())
    walk.cursor = walk.persons.back();
  return walk;
}

Result<std::vector<IndexFix>> MemoryStore::reindex(std::span<const IndexEntry> entries) {
  const auto guard = lock();
  std::vector<IndexFix> all;
  for (const auto& entry : entries) all.push_back(reindex_one(entry));
  return all;
}

IndexFix MemoryStore::reindex_one(const IndexEntry& entry) {
  auto& part = home(entry.person);
  const DocKey key{'p', entry.person};
  const auto found = part.documents.find(document_name(key));
  IndexFix fixed;
  fixed.current = found != part.documents.end() && found->second.value.version == entry.version;
  if (!fixed.current) return fixed;
  for (const auto& timer : entry.timers) {
    const auto member = member_name(key, to_string(timer.timer));
    if (!timer.due || part.timers.find(member) == timer.due) continue;
    part.timers.set(member, *timer.due);
    ++fixed.timers;
  }
  for (const auto& [destination, version] : found->second.marks) {
    if (part.push[destination].find(entry.person)) continue;
    part.push[destination].set(entry.person, state().now);
    ++fixed.pushes;
  }
  if (!part.recent.find(entry.person)) {
    part.recent.set(entry.person, entry.touched);
    ++fixed.listed;
  }
  return fixed;
}

}  // namespace baton
