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

// Wakes one sleeping loop. raise() is cheap and may be called from any thread, also an edge thread.
class Signal {
 public:
  void raise();
  // Sleeps until raised or until the time is over; true where raised. Resets the signal.
  bool wait(Duration at_most) { return wait_ns(at_most.ms * 1'000'000); }
  bool wait_ns(std::int64_t at_most);

 private:
  std::mutex mutex_;
  std::condition_variable condition_;
  std::atomic<bool> raised_ = false;
};

// Partitions in which something may be waiting. Any thread adds, one takes.
class PartitionSet {
 public:
  void add(PartitionId partition);
  // All of them, in order; the set is empty afterwards.
  std::vector<PartitionId> take();

 private:
  std::array<std::atomic<std::uint64_t>, 16> bits_{};  // 1024, the most a deployment can have
};

// The earliest instant, by the store's clock, at which something is due as far as this node knows.
// Its owner asks the store when it has come; whoever sets something earlier wakes the owner.
class Alarm {
 public:
  static constexpr Instant kNever{INT64_MAX};

  void attach(Signal& signal) { signal_ = &signal; }
  // Any thread: something is due then. Wakes the owner where that is news.
  void tell(Instant due);
  // The owner has learnt of it himself. True where it is the earliest.
  bool note(Instant due);
  Instant earliest() const { return Instant{earliest_.load(std::memory_order_acquire)}; }
  // Forgets what is known, before the store is asked: what is told from now on is kept.
  void clear() { earliest_.store(kNever.ms, std::memory_order_release); }

 private:
  std::atomic<std::int64_t> earliest_ = kNever.ms;
  Signal* signal_ = nullptr;
};

// What wakes the engine's threads, by what there is to do and in which partition.
class EngineWakeup {
 public:
  struct Intake {
    Signal signal;
    PartitionSet waiting;
    std::atomic<bool> look = false;  // at every partition
  };
  struct Due {
    Due() { alarm.attach(signal); }
    Signal signal;
    Alarm alarm;
    std::atomic<bool> look = false;  // at everything, whatever is known
  };

  explicit EngineWakeup(std::size_t threads = 1);

  void intake(PartitionId partition);  // a delivery waits there
  void timer(PartitionId partition, Instant due);
  void owner(Instant due);  // a request for an owner
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
