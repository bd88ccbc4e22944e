#pragma once

#include <array>
#include <cstdint>
#include <functional>
#include <list>
#include <mutex>
#include <optional>
#include <string>
#include <unordered_map>

#include "gateway/app/documents/documents.h"

namespace baton {

// Recently opened or committed persons, so that their next event needs no load. An entry can be
// older than the store. The store refuses a commit based on an old entry; a no-op is only
// trustworthy when decided on the latest version. Limited in bytes and age. Thread-safe: a person
// is taken out to be used, so two threads never share one.
class DocumentCache {
 public:
  static constexpr std::size_t kBytes = 24U << 20;
  // When unused; limits how long personal values stay in memory.
  static constexpr std::int64_t kSeconds = 120;

  explicit DocumentCache(std::size_t bytes = kBytes) : most_(bytes / kShards) {}

  std::optional<OpenPerson> take(const PersonId& id);
  void put(OpenPerson person, std::int64_t steady_ns);
  // Calls `look` with the person if the cache has exactly this version, and leaves the entry in
  // place. Returns false otherwise. `look` runs under a lock: it must be short and must not call
  // the cache.
  bool peek(const PersonId& id, std::uint64_t version,
            const std::function<void(const OpenPerson&)>& look);

 private:
  static constexpr std::size_t kShards = 16;
  struct Entry {
    OpenPerson person;
    std::size_t bytes = 0;
    std::int64_t put_ns = 0;
  };
  struct Shard {
    std::mutex mutex;
    std::list<Entry> entries;  // newest first
    std::unordered_map<PersonId, std::list<Entry>::iterator> places;
    std::size_t bytes = 0;
    void drop(std::list<Entry>::iterator entry);
  };
  Shard& shard_of(const PersonId& id) { return shards_[std::hash<PersonId>()(id) % kShards]; }

  std::size_t most_;
  std::array<Shard, kShards> shards_;
};

}  // namespace baton
