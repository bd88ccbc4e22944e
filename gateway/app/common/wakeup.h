#pragma once

#include <array>
#include <atomic>
#include <condition_variable>
#include <cstdint>
#include <memory>
#include <mutex>
#include <vector>

#include "gateway/store/store.h"
#include "mapping/instant.h"

namespace baton {

// Wakes one sleeping loop. raise() is cheap and may be called from any thread, including an edge
// thread.
class Signal {
 public:
  void raise();
  // Sleeps until raised or timed out. Returns true if raised. Resets the signal.
  bool wait(Duration at_most) { return wait_ns(at_most.ms * 1'000'000); }
  bool wait_ns(std::int64_t at_most);

 private:
  std::mutex mutex_;
  std::condition_variable condition_;
  std::atomic<bool> raised_ = false;
};

// Partitions that may have waiting work. Any thread adds, one thread takes.
class PartitionSet {
 public:
  void add(PartitionId partition);
  // Returns all of them in order and empties the set.
  std::vector<PartitionId> take();

 private:
  std::array<std::atomic<std::uint64_t>, 16> bits_{};  // 1024, the most a deployment can have
};

// The earliest instant, by the store's clock, at which this node knows that work is due. The owner
// asks the store at that instant. Anyone who schedules earlier work wakes the owner.
class Alarm {
 public:
  static constexpr Instant kNever{INT64_MAX};

  void attach(Signal& signal) { signal_ = &signal; }
  // Any thread: work is due then. Wakes the owner if that is earlier than known.
  void tell(Instant due);
  // The owner found out itself. Returns true if the instant is the earliest.
  bool note(Instant due);
  Instant earliest() const { return Instant{earliest_.load(std::memory_order_acquire)}; }
  // Forgets the known instant before the store is asked. Instants announced from then on are kept.
  void clear() { earliest_.store(kNever.ms, std::memory_order_release); }

 private:
  std::atomic<std::int64_t> earliest_ = kNever.ms;
  Signal* signal_ = nullptr;
};

// Wakes the engine's threads for the work of a partition.
class EngineWakeup {
 public:
  struct Intake {
    Signal signal;
    PartitionSet waiting;
    std::atomic<bool> look = false;  // check every partition
  };
  struct Due {
    Due() { alarm.attach(signal); }
    Signal signal;
    Alarm alarm;
    std::atomic<bool> look = false;  // check everything, whatever is known
  };

  explicit EngineWakeup(std::size_t threads = 1);

  void intake(PartitionId partition);  // a delivery is waiting there
  void timer(PartitionId partition, Instant due);
  void owner(Instant due);  // an owner request is waiting
  void all();

  std::size_t threads() const { return intake_.size(); }
  Intake& intake_of(std::size_t thread) { return *intake_[thread]; }
  Due& clocks_of(std::size_t thread) { return *clocks_[thread]; }
  Due& owners() { return owners_; }

 private:
  std::vector<std::unique_ptr<Intake>> intake_;
  std::vector<std::unique_ptr<Due>> clocks_;
  Due owners_;
};

}  // namespace baton
