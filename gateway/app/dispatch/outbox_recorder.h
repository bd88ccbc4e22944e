#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "gateway/app/dispatch/ports.h"
#include "gateway/app/dispatch/read_schedule.h"

namespace baton {

// Last stage of the OutboxWorker: writes what became of entries. Finished and postponed entries are
// written in batches, because each write costs a sync. Retries and dead letters are written at
// once. An entry whose result could not be written stays due, and is sent again with the same key.
// Not thread-safe.
class OutboxRecorder {
 public:
  OutboxRecorder(OutcomeSink& outcomes, ReadSchedule& schedule)
      : outcomes_(outcomes), schedule_(schedule) {}
  // The store to write to. Nothing else may be called before.
  void attach(Store& store) { store_ = &store; }

  // Adds to the batch of finished entries. `delivered`: the message reached its channel.
  void finish(const OutboxEntry& entry, const std::string& destination, std::string_view outcome,
              bool delivered = false);
  // Adds to the batch of postponed entries. A postponed entry was not tried.
  void postpone(std::span<const OutboxEntry> entries, Instant at);
  // Gives a postponed entry its former place, with the same batch.
  void restore(Retry place) { postponed_.push_back(std::move(place)); }
  void write_finished();
  void write_postponed();

  void retry(std::span<const OutboxEntry> entries, Instant at);
  void dead_letter(const OutboxEntry& entry, const std::string& destination,
                   const std::string& reason);

  // A round of the worker begins; store_failed() is false until the store fails again.
  void begin_round() { failed_ = false; }
  void note_store_failed() { failed_ = true; }
  bool store_failed() const { return failed_; }
  // Notes and logs a failure.
  void check(const Status& status);

 private:
  OutcomeSink& outcomes_;
  ReadSchedule& schedule_;
  Store* store_ = nullptr;
  std::vector<OutboxEntry> finished_;
  std::vector<EffectReport> delivered_;
  std::vector<Retry> postponed_;
  bool failed_ = false;
};

}  // namespace baton
