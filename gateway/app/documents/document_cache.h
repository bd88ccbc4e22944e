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

// Persons that were opened or committed a moment ago, so that their next event needs no load. What
// lies here may be behind the store: a commit built on it is refused then, and whoever concludes
// from it that there is nothing to do asks the store again. Bounded in bytes and in time.
// Thread-safe; a person is taken out to be used, so two threads never share one.
class DocumentCache {
 public:
  static constexpr std::size_t kBytes = 24U << 20;
  static constexpr std::int64_t kSeconds = 120;  // unused; personal values stay no longer in memory

  explicit DocumentCache(std::size_t bytes = kBytes) : most_(bytes / kShards) {}

  std::optional<OpenPerson> take(const std::string& id);
  void put(OpenPerson person, std::int64_t steady_ns);
  // Shows a person who lies here at exactly this version, and leaves him; false where he does not.
  // `look` is called under a lock: it must be short, and must not come back here.
  bool peek(const std::string& id, std::uint64_t version,
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
    std::unordered_map<std::string, std::list<Entry>::iterator> places;
    std::size_t bytes = 0;
    void drop(std::list<Entry>::iterator entry);
  };
  Shard& shard_of(const std::string& id) { return shards_[std::hash<std::string>()(id) % kShards]; }

  std::size_t most_;
  std::array<Shard, kShards> shards_;
};

}  // namespace baton
