#pragma once

#include <cstdint>
#include <mutex>
#include <string>

#include "gateway/app/documents/documents.h"

namespace baton {

struct ReindexReport {
  bool running = false;      // or requested
  std::uint64_t sweeps = 0;  // sweeps finished since the start
  // Of the running sweep, or of the last one.
  std::uint64_t persons = 0, timers = 0, pushes = 0, listed = 0;
  std::uint64_t unreadable = 0;  // documents that cannot be opened: damaged, or of erased persons
};

// Connects the requests for a sweep with the thread that runs it. Thread-safe.
class ReindexRequests {
 public:
  // Requests a sweep from the beginning. A running sweep restarts.
  void ask();
  bool take();  // returns true once for each request
  ReindexReport report() const;
  void publish(const ReindexReport& report);

 private:
  mutable std::mutex mutex_;
  bool asked_ = false;
  ReindexReport report_;
};

// Corrects the indexes of the store by the documents: timers, waiting pushes, and recent changes.
// An index may be lost, or may be older or newer than the documents, after a manual repair, a
// restored copy or a failover. Works in steps, so that its thread can do other work in between.
// Corrects each document in one step of the store, and only if it is still at the version that was
// read. A concurrent commit is never overwritten; its person is read again.
class Reindexer {
 public:
  explicit Reindexer(const Documents& documents) : documents_(documents) {}

  // Works for about this long. Returns true when all persons have been compared. Restarts after an
  // error.
  Result<bool> step(Store& store, Duration at_most);
  ReindexReport report() const { return report_; }

 private:
  Status look(Store& store, std::vector<std::string> persons);
  std::vector<IndexEntry> entries_of(const std::vector<std::string>& persons,
                                     const std::vector<Document>& documents);

  void begin_anew();

  const Documents& documents_;
  ReindexReport report_{.running = true};
  std::string cursor_;
};

}  // namespace baton
