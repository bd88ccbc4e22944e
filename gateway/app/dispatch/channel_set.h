#pragma once

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "gateway/app/dispatch/notification.h"

namespace baton {

// The channels of the OutboxWorker, by name. Not thread-safe.
class ChannelSet {
 public:
  // Opens a client for each live channel.
  ChannelSet(const std::vector<std::shared_ptr<const Notifier>>& notifiers,
             Connections& connections, const DispatcherOptions& options);

  Channel* find(std::string_view name);  // nullptr: no channel has the name
  std::size_t size() const { return channels_.size(); }
  // Whether no channel can start a call.
  bool all_busy(Instant now) const;
  // The end of the first pause that ends, if a channel pauses.
  std::optional<Instant> first_pause_ends(Instant now) const;
  // How many calls each channel may start now. Leaves out channels that may start none.
  std::map<const Channel*, std::size_t> room(Instant now) const;
  // Forgets the entries that were put off and have fallen due since.
  void forget_due(Instant now);

 private:
  const DispatcherOptions& options_;
  std::map<std::string, std::unique_ptr<Channel>, std::less<>> channels_;
};

// Whether the channel pauses, or has kept messages waiting for room too long. Starts to measure
// that wait.
bool is_slow(Channel& channel, Instant now, std::int64_t steady_ns);

}  // namespace baton
