#pragma once

#include <cstdint>
#include <mutex>
#include <string>

#include "gateway/app/documents/documents.h"

namespace baton {

struct ReindexReport {
  bool running = false;      // or asked for
  std::uint64_t sweeps = 0;  // that came to their end since the start
  // Of the sweep under way, or of the last one.
  std::uint64_t persons = 0, timers = 0, pushes = 0, listed = 0;
  std::uint64_t unreadable = 0;  // documents nobody can open: damaged, or of erased persons
};

// Who asks for a sweep, and who wants to know how far it is. Thread-safe.
class ReindexRequests {
 public:
  // A sweep from the beginning; one that is under way begins anew.
  void ask();
  bool take();  // what was asked for, once
  ReindexReport report() const;
  void publish(const ReindexReport& report);

 private:
  mutable std::mutex mutex_;
  bool asked_ = false;
  ReindexReport report_;
};

// Makes the indexes of the store agree with the documents: what waits for its time, what waits to
// be pushed, who was changed last. An index may have been lost or be of another moment than the
// documents, after a repair by hand, a copy put back, a failover. Works in steps, so that whoever
// drives it has other things to do as well. Each document is put right in one step of the store and
// only while it is the version that was read: a commit meanwhile is never overwritten, its person
// is read again.
class Reindexer {
 public:
  explicit Reindexer(const Documents& documents) : documents_(documents) {}

  // Works for about so long; true once all persons were looked at. After an error it begins anew.
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
