#include <algorithm>

#include "gateway/app/dispatch/dispatcher_outbox.h"
#include "gateway/platform/log.h"

// The part of the outbox worker that sends several messages as one.

namespace baton {

namespace {

constexpr std::size_t kTold = 500;  // of a group; of the others it says how many

Message counted(const Message& message) {
  Message out;
  out.key = message.key;
  out.kind = message.kind;
  if (const auto* excused = message.data.if_contains("excused")) out.data["excused"] = *excused;
  return out;
}

}  // namespace

void OutboxWorker::put_into_group(const OutboxEntry& entry, Channel& channel,
                                  OutgoingMessage& outgoing) {
  auto& group = groups_
                    .try_emplace(outgoing.channel + '\n' + outgoing.group->name,
                                 Group{&channel, *outgoing.group, {}})
                    .first->second;
  group.members.push_back({entry, group.members.size() < kTold ? std::move(outgoing.message)
                                                               : counted(outgoing.message)});
}

// `crowded`: there may be more of a group than this look saw; then it goes with the next, wider
// one.
std::vector<OutboxWorker::Ready> OutboxWorker::ready_groups(bool crowded) {
  std::vector<Ready> ready;
  auto groups = std::exchange(groups_, {});
  for (auto& [name, group] : groups) {
    auto& lane = group.channel->lane;
    const bool live = group.channel->notifier->mode() == Mode::kLive;
    if (live && lane.full()) continue;  // an answer makes room, and the group is looked at again
    if (const auto held = live ? lane.held_until(time_.now()) : std::nullopt) {
      std::vector<OutboxEntry> all;
      for (auto& member : group.members) all.push_back(std::move(member.entry));
      later(all, std::max(*held, time_.now() + seconds(1)));
      continue;
    }
    if (crowded) {
      wide_ = true;
      continue;
    }
    auto one = ready_group(group);
    if (one && !observed(*one)) ready.push_back(std::move(*one));
  }
  end_all();
  return ready;
}

std::optional<OutboxWorker::Ready> OutboxWorker::ready_group(Group& group) {
  std::vector<OutboxEntry> due;
  for (const auto& member : group.members) due.push_back(member.entry);
  const auto now = time_.now();
  const auto plan = book_.plan(*store_, group.channel->lane.name(), group.rule, due, now);
  if (!plan) {
    check(plan.error());
    return std::nullopt;
  }
  std::vector<OutboxEntry> waiting;
  for (const auto i : plan->waiting) waiting.push_back(due[i]);
  later(waiting, plan->wait_until);
  if (!plan->send) return std::nullopt;
  Ready ready{{}, group.channel, {}};
  std::vector<Message> messages;
  for (const auto i : plan->members) {
    ready.entries.push_back(due[i]);
    messages.push_back(std::move(group.members[i].message));
  }
  ready.message =
      hooks_.combine(messages, plan->key, now > plan->since ? now - plan->since : Duration{0});
  return ready;
}

}  // namespace baton
