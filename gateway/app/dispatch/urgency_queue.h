#pragma once

#include <map>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <vector>

#include "gateway/app/dispatch/notification.h"

namespace baton {

// Stage of the OutboxWorker that orders entries by urgency, and holds those that wait for room in
// their channel. An entry's urgency is known once its message was prepared. The queue remembers it
// while the entry waits, so that each document is read only once for that. The message itself is
// prepared again just before it is sent. Not thread-safe.
class UrgencyQueue {
 public:
  struct Item {
    OutboxEntry entry;
    Channel* channel = nullptr;
    int urgency = 0;  // the lowest number is sent first
    std::optional<Notification> notification;
  };

  // Begins a new round with the entries of a read and drops the waiting ones. Returns the entries
  // whose urgency is not known. `in_flight` are ids of entries.
  std::vector<OutboxEntry> begin(std::span<const OutboxEntry> due,
                                 const std::set<std::string>& in_flight);
  // Adds a message of the round. `keep`: the prepared message is kept.
  void add(Notification notification, bool keep);
  // Ends the round. Returns its entries, the most urgent first.
  std::vector<Item> order();

  // Puts the entry at the end of the waiting ones.
  void wait(Item item);
  // Removes as many waiting entries as the channels have room for, the most urgent first.
  std::vector<OutboxEntry> take(std::map<const Channel*, std::size_t> room);
  void clear() { waiting_.clear(); }
  bool empty() const { return waiting_.empty(); }
  bool has_any_for(const Channel* channel) const;

 private:
  struct Known {
    Channel* channel;
    int urgency;
  };
  std::map<std::string, Known> known_;  // by entry_id(); of the last round
  std::map<std::string, Known> next_;   // of the round under way
  std::vector<Item> round_;
  std::vector<Item> waiting_;
};

}  // namespace baton
