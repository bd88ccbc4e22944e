#include "gateway/app/dispatch/channel_set.h"

#include <algorithm>

namespace baton {
namespace {

constexpr Duration kSlow = milliseconds(250);

}  // namespace

ChannelSet::ChannelSet(const std::vector<std::shared_ptr<const Notifier>>& notifiers,
                       Connections& connections, const DispatcherOptions& options)
    : options_(options) {
  for (const auto& notifier : notifiers) {
    const bool live = notifier->mode() == Mode::kLive;
    const auto* mail_options = notifier->mail();
    auto mail = live && mail_options != nullptr ? connections.open_mail(*mail_options) : nullptr;
    auto http = live && mail_options == nullptr ? connections.open_http(notifier->http()) : nullptr;
    channels_.emplace(notifier->name(),
                      std::make_unique<Channel>(Channel{notifier, std::move(http), std::move(mail),
                                                        Lane(notifier->name(), options_)}));
  }
}

Channel* ChannelSet::find(std::string_view name) {
  const auto found = channels_.find(name);
  return found == channels_.end() ? nullptr : found->second.get();
}

bool ChannelSet::all_busy(Instant now) const {
  return !channels_.empty() &&
         std::all_of(channels_.begin(), channels_.end(), [&](const auto& one) {
           return one.second->lane.full() || one.second->lane.held_until(now);
         });
}

std::optional<Instant> ChannelSet::first_pause_ends(Instant now) const {
  std::optional<Instant> first;
  for (const auto& [name, channel] : channels_) {
    const auto until = channel->lane.held_until(now);
    if (until && (!first || *until < *first)) first = until;
  }
  return first;
}

std::map<const Channel*, std::size_t> ChannelSet::room(Instant now) const {
  std::map<const Channel*, std::size_t> room;
  for (const auto& [name, channel] : channels_) {
    const auto& lane = channel->lane;
    if (!lane.full() && !lane.held_until(now))
      room[channel.get()] = options_.calls_in_flight - lane.in_flight();
  }
  return room;
}

void ChannelSet::forget_due(Instant now) {
  for (const auto& [name, channel] : channels_) {
    auto& put_off = channel->put_off;
    while (!put_off.empty() && put_off.front().until <= now) put_off.pop_front();
  }
}

bool is_slow(Channel& channel, Instant now, std::int64_t steady_ns) {
  if (channel.lane.held_until(now)) return true;
  if (!channel.waiting_since) channel.waiting_since = steady_ns;
  return steady_ns - *channel.waiting_since > kSlow.ms * 1'000'000;
}

}  // namespace baton
