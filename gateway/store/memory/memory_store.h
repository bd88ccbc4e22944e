#pragma once

#include <memory>

#include "gateway/store/store.h"

namespace baton {

// What several MemoryStores share, as connections share one Redis. Its clock stands still until it
// is set, so that a run is the same every time; tests and simulation move it. Thread-safe.
class MemoryDatabase {
 public:
  explicit MemoryDatabase(PartitionId partitions = 16, Instant now = Instant{1'700'000'000'000});
  ~MemoryDatabase();
  MemoryDatabase(const MemoryDatabase&) = delete;
  MemoryDatabase& operator=(const MemoryDatabase&) = delete;

  Instant now() const;
  void set_now(Instant now);
  void advance(Duration by);
  // The earliest timer there is, due or not: where a simulation jumps to.
  std::optional<Instant> earliest_timer() const;

  struct State;
  State& state() { return *state_; }

 private:
  std::unique_ptr<State> state_;
};

// A Store of the same contract as Redis's, in memory and durable for as long as its database lives.
std::unique_ptr<Store> make_memory_store(std::shared_ptr<MemoryDatabase> database);

}  // namespace baton
