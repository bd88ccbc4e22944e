#include "gateway/app/workers/intake_worker.h"

#include <algorithm>

#include "gateway/platform/failpoint.h"
#include "gateway/platform/log.h"
#include "gateway/platform/metrics.h"

namespace baton {
namespace {

constexpr std::size_t kIntakeBatch = 512;  // entries of a round, over all partitions

EntryRef ref_of(const IntakeEntry& entry) { return {entry.partition, entry.entry, entry.id}; }

}  // namespace

// Returns the partitions to read: those with new deliveries, and those in which the last round
// found some.
std::vector<PartitionId> IntakeWorker::to_ask(const std::vector<PartitionId>& served) {
  auto asked = wake_.waiting.take();
  const bool told = wake_.look.exchange(false);
  if (time_to_look() || told) return served;
  for (const auto& entry : finished_) asked.push_back(entry.partition);
  std::sort(asked.begin(), asked.end());
  asked.erase(std::unique(asked.begin(), asked.end()), asked.end());
  std::erase_if(
      asked, [&](PartitionId p) { return !std::binary_search(served.begin(), served.end(), p); });
  return asked;
}

bool IntakeWorker::step(const std::vector<PartitionId>& served) {
  const auto asked = to_ask(served);
  if (asked.empty() && finished_.empty()) return false;
  if (!finished_.empty()) BATON_FAILPOINT("intake.before_finish");
  auto entries = store_->waiting_intake(asked, kIntakeBatch, finished_);
  if (!entries) {
    failed(entries.error());
    return false;
  }
  well();
  finished_.clear();
  if (entries->empty()) return false;
  auto reads = reader_->read(std::move(*entries));
  if (!reads) {
    failed(reads.error());
    return false;
  }
  return finish(*reads);
}

std::int64_t IntakeWorker::sleep_ns() {
  return finished_.empty() ? longest_sleep().ms * 1'000'000 : 0;
}

void IntakeWorker::wind_up() {
  if (!finished_.empty()) (void)store_->finish_intake(finished_);
}

// Decides and commits all work. An entry whose effects are not committed stays, and is read again.
// Returns false if no entry was finished; the next round then waits.
bool IntakeWorker::finish(std::vector<IntakeReader::Read>& reads) {
  std::vector<Work> work;
  for (auto& read : reads) std::move(read.work.begin(), read.work.end(), std::back_inserter(work));
  const auto results = applier_->apply(work);
  std::vector<EntryRef> quarantined;
  std::vector<DeadLetter> letters;
  std::size_t next = 0;
  for (auto& read : reads) {
    bool whole = read.whole;
    for (std::size_t i = 0; i < read.work.size(); ++i, ++next) {
      const Status& status = results[next].status;
      if (status) continue;
      whole = false;
      if (status.error().code == Errc::kTransient || status.error().code == Errc::kConflict)
        continue;
      read.letter = DeadLetter{.origin = "intake",
                               .subject = read.entry.id,
                               .reason = status.error().message,
                               .payload = read.entry.payload};
    }
    if (read.letter) {
      quarantined.push_back(ref_of(read.entry));
      letters.push_back(std::move(*read.letter));
    } else if (whole) {
      finished_.push_back(ref_of(read.entry));
    }
  }
  if (!letters.empty()) {
    count("quarantined_total", {}, static_cast<double>(letters.size()));
    if (auto status = store_->quarantine(quarantined, letters); !status) failed(status.error());
  }
  for (const auto& entry : quarantined) wake_.waiting.add(entry.partition);
  return !finished_.empty() || !quarantined.empty();
}

}  // namespace baton
