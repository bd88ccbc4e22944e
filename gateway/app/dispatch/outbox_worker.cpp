#include "gateway/app/dispatch/outbox_worker.h"

#include <algorithm>
#include <utility>

namespace baton {
namespace {

constexpr std::size_t kPreparedAtOnce = 512;  // persons in memory
constexpr Duration kStoreAway = milliseconds(250);
constexpr Duration kAllBusy = milliseconds(250);
constexpr Duration kStopping = milliseconds(50);
constexpr Duration kPutOff = seconds(30);  // or until the channel answers

}  // namespace

OutboxWorker::OutboxWorker(const std::vector<std::shared_ptr<const Notifier>>& notifiers,
                           std::shared_ptr<Inbox> inbox, const DispatcherPorts& ports,
                           const DispatcherOptions& options, const Clock& clock)
    : inbox_(std::move(inbox)),
      connections_(ports.connections),
      leases_(ports.leases),
      options_(options),
      clock_(clock),
      time_(clock),
      channels_(notifiers, connections_, options),
      schedule_(options, clock, time_),
      recorder_(ports.outcomes, schedule_),
      prepare_(ports.messages, leases_, channels_, recorder_, time_),
      group_(ports.messages, recorder_, schedule_, time_),
      observe_(ports.messages, recorder_, clock),
      send_(inbox_, leases_, recorder_, schedule_, time_, clock) {}

void OutboxWorker::run() {
  std::int64_t stopped_at = 0;
  Duration sleep{0};
  while (true) {
    for (const auto& task : inbox_->wait(sleep)) task();
    if (inbox_->was_woken()) schedule_.note_change();
    if (inbox_->stopping()) {
      recorder_.write_finished();
      if (stopped_at == 0) stopped_at = clock_.steady_ns();
      if (send_.in_flight().empty() ||
          clock_.steady_ns() - stopped_at > options_.grace.ms * 1'000'000)
        return;
      sleep = kStopping;
      continue;
    }
    sleep = run_round();
  }
}

Duration OutboxWorker::run_round() {
  if (!store_) {
    auto opened = connections_.open_store();
    if (!opened) return kStoreAway;
    store_ = std::move(*opened);
    recorder_.attach(*store_);
  }
  recorder_.begin_round();
  recorder_.write_finished();
  recorder_.write_postponed();
  const auto partitions = leases_.held();
  if (partitions.empty()) {
    queue_.clear();
    return options_.longest_sleep;
  }
  if (channels_.all_busy(time_.now())) return kAllBusy;  // an answer wakes this thread
  send_waiting();
  if (!recorder_.store_failed()) {
    if (const auto until_read = rest(); until_read.ms > 0) return until_read;
    read_and_send(partitions);
  }
  return recorder_.store_failed() ? kStoreAway : rest();
}

// Sends entries of the last read that waited for room.
void OutboxWorker::send_waiting() {
  const auto entries = queue_.take(channels_.room(time_.now()));
  if (entries.empty()) return;
  for (auto& notification : prepare(entries)) send_.send(std::move(notification));
  group_.defer();  // an entry that belongs to a group now is sent with the whole group
}

void OutboxWorker::read_and_send(std::span<const PartitionId> partitions) {
  const auto due = schedule_.read(*store_, partitions, send_.in_flight().size());
  if (!due) return recorder_.note_store_failed();
  channels_.forget_due(time_.now());
  prepare_unknown(queue_.begin(*due, send_.in_flight()));
  for (auto& item : queue_.order()) send_or_wait(std::move(item));
  auto groups = observe_.pass(group_.release(*store_));
  recorder_.write_finished();
  for (auto& group : groups) send_.send(std::move(group));
  recorder_.write_postponed();
  schedule_.processed();
}

void OutboxWorker::prepare_unknown(std::span<const OutboxEntry> unknown) {
  const bool keep = unknown.size() <= kPreparedAtOnce;
  for (std::size_t begin = 0; begin < unknown.size(); begin += kPreparedAtOnce) {
    const auto part = unknown.subspan(begin, std::min(kPreparedAtOnce, unknown.size() - begin));
    for (auto& notification : prepare(part)) queue_.add(std::move(notification), keep);
  }
}

std::vector<Notification> OutboxWorker::prepare(std::span<const OutboxEntry> entries) {
  auto prepared = prepare_.pass(entries, send_.in_flight());
  if (!prepared) return {};
  auto notifications = observe_.pass(group_.pass(std::move(*prepared)));
  recorder_.write_finished();
  recorder_.write_postponed();
  return notifications;
}

void OutboxWorker::send_or_wait(UrgencyQueue::Item item) {
  auto& channel = *item.channel;
  const auto held = channel.lane.held_until(time_.now());
  if (!channel.lane.full() && !held) {
    if (item.notification) return send_.send(std::move(*item.notification));
    for (auto& notification : prepare({&item.entry, 1})) send_.send(std::move(notification));
  } else if (schedule_.crowded() && channels_.size() > 1 &&
             is_slow(channel, time_.now(), clock_.steady_ns())) {
    // Entries of a slow channel must not fill the window through which the entries of other
    // channels are read. Entries of a quick channel wait, because each answer makes room for one.
    const auto until = held.value_or(time_.now() + kPutOff);
    recorder_.postpone({&item.entry, 1}, until);
    channel.put_off.push_back({{item.entry.key, item.entry.item.key, item.entry.due}, until});
  } else {
    queue_.wait(std::move(item));
  }
}

}  // namespace baton
