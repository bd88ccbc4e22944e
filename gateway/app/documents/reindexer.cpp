#include "gateway/app/documents/reindexer.h"

#include <algorithm>
#include <chrono>
#include <utility>

namespace baton {
namespace {

constexpr std::size_t kPage = 512;   // keys the store examines in one call
constexpr std::size_t kBatch = 256;  // documents in memory at a time
// For a person that changes constantly: its index is being written anyway.
constexpr int kMostTries = 8;

}  // namespace

void ReindexRequests::ask() {
  const std::lock_guard lock(mutex_);
  asked_ = true;
}

bool ReindexRequests::take() {
  const std::lock_guard lock(mutex_);
  if (asked_) report_.running = true;
  return std::exchange(asked_, false);
}

ReindexReport ReindexRequests::report() const {
  const std::lock_guard lock(mutex_);
  ReindexReport report = report_;
  report.running = report.running || asked_;
  return report;
}

void ReindexRequests::publish(const ReindexReport& report) {
  const std::lock_guard lock(mutex_);
  const bool ended = report_.running && !report.running;
  const auto sweeps = report_.sweeps + (ended ? 1 : 0);
  report_ = report;
  report_.sweeps = sweeps;
}

Result<bool> Reindexer::step(Store& store, Duration at_most) {
  const auto until = std::chrono::steady_clock::now() + std::chrono::milliseconds(at_most.ms);
  do {
    auto walk = store.walk_persons(cursor_, kPage);
    if (!walk) {
      begin_anew();
      return walk.error();
    }
    if (auto looked = look(store, std::move(walk->persons)); !looked) {
      begin_anew();
      return looked.error();
    }
    cursor_ = std::move(walk->cursor);
    report_.running = !cursor_.empty();
  } while (report_.running && std::chrono::steady_clock::now() < until);
  return !report_.running;
}

void Reindexer::begin_anew() {
  report_ = {.running = true};
  cursor_.clear();
}

Status Reindexer::look(Store& store, std::vector<std::string> persons) {
  report_.persons += persons.size();
  for (int tries = 0; tries < kMostTries && !persons.empty(); ++tries) {
    std::vector<std::string> again;
    for (std::size_t from = 0; from < persons.size(); from += kBatch) {
      const auto end =
          persons.begin() + static_cast<std::ptrdiff_t>(std::min(persons.size(), from + kBatch));
      const std::vector<std::string> batch(persons.begin() + static_cast<std::ptrdiff_t>(from),
                                           end);
      std::vector<DocKey> keys;
      for (const auto& id : batch) keys.push_back({'p', id});
      auto documents = store.load(keys);
      if (!documents) return documents.error();
      const auto entries = entries_of(batch, *documents);
      auto corrected = store.reindex(entries);
      if (!corrected) return corrected.error();
      for (std::size_t i = 0; i < entries.size(); ++i) {
        const auto& one = (*corrected)[i];
        if (!one.current) again.push_back(entries[i].person);
        report_.timers += one.timers;
        report_.pushes += one.pushes;
        report_.listed += one.listed;
      }
    }
    persons = std::move(again);
  }
  return {};
}

std::vector<IndexEntry> Reindexer::entries_of(const std::vector<std::string>& persons,
                                              const std::vector<Document>& documents) {
  std::vector<IndexEntry> entries;
  for (std::size_t i = 0; i < persons.size(); ++i) {
    if (documents[i].version == 0) continue;  // deleted in the meantime
    const auto person = documents_.open(PersonId(persons[i]), documents[i]);
    if (!person) {
      ++report_.unreadable;
      continue;
    }
    entries.push_back(
        {persons[i], person->version, timers_of(person->state), person->state.last_now});
  }
  return entries;
}

}  // namespace baton
