#include "gateway/app/dispatch/outbox_recorder.h"

#include <utility>

#include "gateway/app/dispatch/lane.h"
#include "gateway/platform/log.h"
#include "gateway/platform/metrics.h"

namespace baton {

void OutboxRecorder::finish(const OutboxEntry& entry, const std::string& destination,
                            std::string_view outcome, bool delivered) {
  count_attempt(destination, outcome);
  finished_.push_back(entry);
  if (delivered) delivered_.push_back({entry.key, {entry.item.key, destination, true, {}, {}}});
}

void OutboxRecorder::postpone(std::span<const OutboxEntry> entries, Instant at) {
  for (const auto& entry : entries) postponed_.push_back({entry.key, entry.item.key, at});
  if (!entries.empty()) schedule_.note_due(at);
}

void OutboxRecorder::write_finished() {
  if (!finished_.empty()) check(store_->outbox_done(std::exchange(finished_, {})));
  const auto delivered = std::exchange(delivered_, {});
  if (!delivered.empty()) outcomes_.commit_outcomes(delivered);
}

void OutboxRecorder::write_postponed() {
  if (!postponed_.empty()) check(store_->outbox_later(std::exchange(postponed_, {})));
}

void OutboxRecorder::retry(std::span<const OutboxEntry> entries, Instant at) {
  std::vector<Retry> list;
  for (const auto& entry : entries) list.push_back({entry.key, entry.item.key, at});
  schedule_.note_due(at);
  if (!list.empty()) check(store_->outbox_retry(list));
}

void OutboxRecorder::dead_letter(const OutboxEntry& entry, const std::string& destination,
                                 const std::string& reason) {
  DeadLetter letter;
  letter.partition = entry.partition;
  letter.origin = "outbox";
  letter.subject = entry.item.key;
  letter.destination = destination;
  letter.reason = reason;
  letter.payload = entry.item.payload;
  check(store_->dead_letter({&letter, 1}, {&entry.key, 1}));
  count("dead_letters_total", "destination=" + destination);
  log_warn("delivery", "message was given up", {{"destination", destination}, {"reason", reason}});
  const EffectReport report{entry.key, {entry.item.key, destination, false, {}, reason}};
  outcomes_.commit_outcomes({&report, 1});
}

void OutboxRecorder::check(const Status& status) {
  if (status) return;
  failed_ = true;
  log_warn("delivery", "the store did not accept a result", {{"error", status.error().message}});
}

}  // namespace baton
