#include "gateway/app/dispatch/read_schedule.h"

#include <algorithm>
#include <utility>

namespace baton {
namespace {

constexpr std::size_t kWindow = 256;
constexpr std::size_t kWideWindow = 16'384;  // for a group that does not fit into the other
constexpr Duration kShortest = milliseconds(50);
constexpr std::int64_t kReadingShare = 4;  // while entries wait, a read takes 1/5 of the time

}  // namespace

std::optional<std::vector<OutboxEntry>> ReadSchedule::read(Store& store,
                                                           std::span<const PartitionId> partitions,
                                                           std::size_t in_flight) {
  was_wide_ = std::exchange(wide_, false);
  const std::size_t limit = (was_wide_ ? kWideWindow : kWindow) + in_flight;
  began_ = clock_.steady_ns();
  auto due = store.due_outbox(partitions, "notify", limit);
  if (!due) return std::nullopt;
  changed_ = false;
  time_.set(due->now);
  next_ = due->next;
  crowded_ = due->items.size() == limit;
  return std::move(due->items);
}

void ReadSchedule::processed() {
  read_at_ = clock_.steady_ns();
  read_took_ = read_at_ - began_;
}

Duration ReadSchedule::rest(const UrgencyQueue& queue, const ChannelSet& channels,
                            std::size_t in_flight) const {
  const std::int64_t since = clock_.steady_ns() - read_at_;
  const bool stale = since >= options_.longest_sleep.ms * 1'000'000;
  if (wide_ || (queue.empty() && (stale || changed_ || (crowded_ && in_flight == 0))))
    return Duration{0};
  const Instant now = time_.now();
  Duration rest = options_.longest_sleep;
  if (next_) rest = std::clamp(*next_ - now, kShortest, rest);
  if (const auto until = channels.first_pause_ends(now))
    rest = std::clamp(*until - now, kShortest, rest);
  const bool more = stale || changed_ || (crowded_ && queue.empty()) || (next_ && *next_ <= now) ||
                    has_idle_channel(queue, channels);
  if (more) rest = std::min(rest, Duration{(kReadingShare * read_took_ - since) / 1'000'000});
  return std::max(rest, Duration{0});
}

// Whether a channel has room while all waiting entries belong to other channels.
bool ReadSchedule::has_idle_channel(const UrgencyQueue& queue, const ChannelSet& channels) const {
  if (!crowded_) return false;
  const auto room = channels.room(time_.now());
  return std::any_of(room.begin(), room.end(),
                     [&](const auto& one) { return !queue.has_any_for(one.first); });
}

}  // namespace baton
