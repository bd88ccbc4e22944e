#pragma once

#include <memory>

#include "gateway/store/store.h"

namespace baton {

// The data that several MemoryStores share, as connections share one Redis. Its clock stops until
// it is set, so that every run is the same; tests and simulation move it. Thread-safe.
class MemoryDatabase {
 public:
  explicit MemoryDatabase(PartitionId partitions = 16, Instant now = Instant{1'700'000'000'000});
  ~MemoryDatabase();
  MemoryDatabase(const MemoryDatabase&) = delete;
  MemoryDatabase& operator=(const MemoryDatabase&) = delete;

  Instant now() const;
  void set_now(Instant now);
  void advance(Duration by);
  // Returns the earliest timer, due or not. A simulation jumps to it.
  std::optional<Instant> earliest_timer() const;

  struct State;
  State& state() { return *state_; }

 private:
  std::unique_ptr<State> state_;
};

// Returns a Store in memory with the same contract as RedisStore. It is durable for as long as its
// database lives.
std::unique_ptr<Store> make_memory_store(std::shared_ptr<MemoryDatabase> database);

}  // namespace baton
