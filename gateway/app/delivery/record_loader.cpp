#include "gateway/app/delivery/record_loader.h"

#include "gateway/app/views/dry_run.h"

namespace baton {

Result<std::vector<CrmRecord>> RecordLoader::load_records(std::span<const PushEntry> entries) {
  const auto policy = configuration_.policy.load();
  std::vector<CrmRecord> records;
  std::vector<std::string> persons;
  for (const auto& entry : entries) {
    const bool cached =
        entry.version > 0 &&
        access_.cache.peek(PersonId(entry.person), entry.version, [&](const OpenPerson& person) {
          records.push_back(record_for(person, entry.destination, *policy));
          records.back().ref = entry.ref;
        });
    if (!cached) persons.push_back(entry.person);
  }
  if (persons.empty()) return records;
  StorePool::Borrowed store(stores_);
  if (!store) return store.error();
  auto opened = access_.documents->load(*store, persons);
  if (!opened) {
    store.drop();
    return opened.error();
  }
  for (const auto& person : *opened) {
    if (person.version > 0)
      records.push_back(record_for(person, entries.front().destination, *policy));
  }
  return records;
}

}  // namespace baton
