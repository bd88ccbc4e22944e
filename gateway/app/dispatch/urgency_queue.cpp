#include "gateway/app/dispatch/urgency_queue.h"

#include <algorithm>
#include <utility>

namespace baton {
namespace {

// A breach is sent before offers.
int urgency_of(std::string_view kind) {
  if (kind == "breach" || kind == "escalation") return 0;
  if (kind == "warning") return 1;
  return kind == "offer" ? 2 : 3;
}

}  // namespace

std::vector<OutboxEntry> UrgencyQueue::begin(std::span<const OutboxEntry> due,
                                             const std::set<std::string>& in_flight) {
  waiting_.clear();
  round_.clear();
  next_.clear();
  std::vector<OutboxEntry> unknown;
  for (const auto& entry : due) {
    const auto known = known_.find(entry_id(entry));
    if (known == known_.end()) {
      unknown.push_back(entry);
    } else if (!in_flight.contains(known->first)) {
      next_.insert(*known);
      round_.push_back({entry, known->second.channel, known->second.urgency, std::nullopt});
    }
  }
  return unknown;
}

void UrgencyQueue::add(Notification notification, bool keep) {
  const Known known{notification.channel, urgency_of(notification.message.kind)};
  auto entry = notification.entries.front();
  next_.emplace(entry_id(entry), known);
  round_.push_back({std::move(entry), known.channel, known.urgency,
                    keep ? std::optional(std::move(notification)) : std::nullopt});
}

std::vector<UrgencyQueue::Item> UrgencyQueue::order() {
  known_.swap(next_);
  next_.clear();
  std::stable_sort(round_.begin(), round_.end(),
                   [](const Item& a, const Item& b) { return a.urgency < b.urgency; });
  return std::exchange(round_, {});
}

void UrgencyQueue::wait(Item item) {
  item.notification.reset();
  waiting_.push_back(std::move(item));
}

std::vector<OutboxEntry> UrgencyQueue::take(std::map<const Channel*, std::size_t> room) {
  std::vector<OutboxEntry> taken;
  std::erase_if(waiting_, [&](Item& item) {
    const auto place = room.find(item.channel);
    if (place == room.end() || place->second == 0) return false;
    --place->second;
    taken.push_back(std::move(item.entry));
    return true;
  });
  return taken;
}

bool UrgencyQueue::has_any_for(const Channel* channel) const {
  return std::any_of(waiting_.begin(), waiting_.end(),
                     [&](const Item& item) { return item.channel == channel; });
}

}  // namespace baton
