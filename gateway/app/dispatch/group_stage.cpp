#include "gateway/app/dispatch/group_stage.h"

#include <algorithm>
#include <utility>

namespace baton {
namespace {

// Members beyond that are only counted in the combined message.
constexpr std::size_t kListed = 500;

Message counted(const Message& message) {
  Message out;
  out.key = message.key;
  out.kind = message.kind;
  if (const auto* excused = message.data.if_contains("excused")) out.data["excused"] = *excused;
  return out;
}

}  // namespace

std::vector<Notification> GroupStage::pass(std::vector<PrepareStage::Prepared> prepared) {
  std::vector<Notification> single;
  for (auto& one : prepared) {
    if (!one.group) {
      single.push_back({{std::move(one.entry)}, one.channel, std::move(one.message)});
      continue;
    }
    auto& group = groups_
                      .try_emplace(one.channel->lane.name() + '\n' + one.group->name,
                                   Group{one.channel, *one.group, {}})
                      .first->second;
    const bool listed = group.members.size() < kListed;
    group.members.push_back(
        {std::move(one.entry), listed ? std::move(one.message) : counted(one.message)});
  }
  return single;
}

std::vector<Notification> GroupStage::release(Store& store) {
  std::vector<Notification> released;
  auto groups = std::exchange(groups_, {});
  for (auto& [name, group] : groups) {
    auto& lane = group.channel->lane;
    const bool live = group.channel->notifier->mode() == Mode::kLive;
    if (live && lane.full()) continue;  // an answer makes room, and the group is read again
    if (const auto held = live ? lane.held_until(time_.now()) : std::nullopt) {
      std::vector<OutboxEntry> all;
      for (auto& member : group.members) all.push_back(std::move(member.entry));
      recorder_.postpone(all, std::max(*held, time_.now() + seconds(1)));
      continue;
    }
    if (schedule_.crowded_narrow()) {
      schedule_.widen();
      continue;
    }
    if (auto one = release(store, group)) released.push_back(std::move(*one));
  }
  return released;
}

std::optional<Notification> GroupStage::release(Store& store, Group& group) {
  std::vector<OutboxEntry> due;
  for (const auto& member : group.members) due.push_back(member.entry);
  const auto now = time_.now();
  const auto plan = book_.plan(store, group.channel->lane.name(), group.rule, due, now);
  if (!plan) {
    recorder_.check(plan.error());
    return std::nullopt;
  }
  std::vector<OutboxEntry> waiting;
  for (const auto i : plan->waiting) waiting.push_back(due[i]);
  recorder_.postpone(waiting, plan->wait_until);
  if (!plan->send) return std::nullopt;
  Notification notification{{}, group.channel, {}};
  std::vector<Message> messages;
  for (const auto i : plan->members) {
    notification.entries.push_back(due[i]);
    messages.push_back(std::move(group.members[i].message));
  }
  notification.message = messages_.combine_messages(
      messages, plan->key, now > plan->since ? now - plan->since : Duration{0});
  return notification;
}

void GroupStage::defer() {
  if (!groups_.empty()) schedule_.widen();
  groups_.clear();
}

}  // namespace baton
