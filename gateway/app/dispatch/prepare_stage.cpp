#include "gateway/app/dispatch/prepare_stage.h"

#include <utility>

namespace baton {

std::optional<std::vector<PrepareStage::Prepared>> PrepareStage::pass(
    std::span<const OutboxEntry> due, const std::set<std::string>& in_flight) {
  std::vector<OutboxEntry> entries;
  for (const auto& entry : due) {
    if (!in_flight.contains(entry_id(entry)) && leases_.holds(entry.partition))
      entries.push_back(entry);
  }
  if (entries.empty()) return std::nullopt;
  auto messages = messages_.prepare_messages(entries);
  if (!messages) {
    recorder_.note_store_failed();  // the entries stay due
    return std::nullopt;
  }
  std::vector<Prepared> prepared;
  for (std::size_t i = 0; i < entries.size(); ++i) {
    if (auto one = prepare(entries[i], (*messages)[i])) prepared.push_back(std::move(*one));
  }
  return prepared;
}

std::optional<PrepareStage::Prepared> PrepareStage::prepare(
    const OutboxEntry& entry, Result<std::optional<OutgoingMessage>>& outgoing) {
  if (!outgoing) {
    if (outgoing.error().code == Errc::kTransient)
      recorder_.postpone({&entry, 1}, time_.now() + seconds(1));
    else
      recorder_.dead_letter(entry, "", outgoing.error().message);
    return std::nullopt;
  }
  if (!*outgoing || (*outgoing)->channel.empty()) {
    recorder_.finish(entry, "messages", "superseded");
    return std::nullopt;
  }
  auto& message = **outgoing;
  Channel* channel = channels_.find(message.channel);
  if (channel == nullptr) {
    recorder_.dead_letter(entry, message.channel, "no channel has this name");
    return std::nullopt;
  }
  if (message.not_before && *message.not_before > time_.now()) {
    recorder_.postpone({&entry, 1}, *message.not_before);
    return std::nullopt;
  }
  if (const auto why = channel->notifier->refuses(message.message); !why.empty()) {
    recorder_.dead_letter(entry, message.channel, why);
    return std::nullopt;
  }
  return Prepared{entry, channel, std::move(message.message), std::move(message.group)};
}

}  // namespace baton
