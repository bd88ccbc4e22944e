#pragma once

#include <memory>
#include <mutex>
#include <thread>
#include <vector>

#include "gateway/app/applier.h"
#include "gateway/app/intake_reader.h"
#include "gateway/app/pool_desk.h"
#include "gateway/app/runtime.h"

namespace baton {

// One engine thread: it turns what is waiting in its partitions (stored deliveries, due clocks,
// requests for owners) into committed decisions, and sleeps until the next of them is due or
// somebody wakes it. Order within a partition is kept; any number of workers may run, on any number
// of nodes: correctness comes from the versions of documents.
class Worker {
 public:
  Worker(Runtime& runtime, std::size_t index);
  ~Worker();

  void start();
  // The partitions to serve from now on (their leases are held by this node).
  void serve(std::vector<PartitionId> partitions, bool alone);
  // Between pause and resume no round is under way: what the runtime refers to may be exchanged.
  void pause() { round_.lock(); }
  void resume() { round_.unlock(); }
  void join();

 private:
  void run();
  bool step();
  bool intake_step(const std::vector<PartitionId>& partitions);
  void finish(std::vector<IntakeReader::Read>& reads);
  bool timer_step(const std::vector<PartitionId>& partitions);
  bool owner_step(const std::vector<PartitionId>& partitions);
  struct OpenRequests {
    std::vector<OwnerRequest> requests;
    std::vector<OutboxEntry> entries;   // of each request
  };
  Result<OpenRequests> open_requests(std::vector<OutboxEntry> entries);
  Result<OwnerRequest> open_request(const OutboxEntry& entry, const Document& document) const;
  Status ensure_store();
  void note_next(Instant now, std::optional<Instant> next);
  void failed(const Error& error);

  Runtime& runtime_;
  const std::size_t index_;
  std::unique_ptr<Store> store_;
  std::unique_ptr<Applier> applier_;
  std::unique_ptr<IntakeReader> reader_;
  std::unique_ptr<PoolDesk> pools_;
  std::mutex round_;
  std::mutex mutex_;
  std::vector<PartitionId> partitions_;
  bool alone_ = false;
  Duration sleep_ = milliseconds(50);
  Duration backoff_;
  std::thread thread_;
};

}  // namespace baton
