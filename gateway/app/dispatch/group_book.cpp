#include "gateway/app/dispatch/group_book.h"

#include <algorithm>

#include <fmt/format.h>

#include "mapping/json/json.h"

namespace baton {
namespace {

constexpr Duration kOtherNode = minutes(1);  // when to read another node's page again

std::string hash_of(const OutboxEntry& entry) {
  return sha256_hex(entry.key.id + '\n' + entry.item.key).substr(0, 16);
}

GroupBook::Plan wait_all(std::size_t count, Instant until) {
  GroupBook::Plan plan;
  plan.wait_until = until;
  for (std::size_t i = 0; i < count; ++i) plan.waiting.push_back(i);
  return plan;
}

}  // namespace

Result<GroupBook::Page> GroupBook::read(Store& store, const std::string& name) {
  auto bytes = store.get_value(name);
  if (!bytes) return bytes.error();
  Page page;
  const auto parsed = parse_json(*bytes);
  const auto* o = parsed ? parsed->if_object() : nullptr;
  if (o == nullptr) return page;
  page.opens = Instant{integer(*o, "opens")};
  page.at = Instant{integer(*o, "at")};
  page.key = text(*o, "key");
  if (const auto* list = array(*o, "members")) {
    for (const auto& member : *list) {
      if (member.is_string()) page.members.emplace_back(std::string_view(member.get_string()));
    }
  }
  return page;
}

Status GroupBook::write(Store& store, const std::string& name, const Page& page) {
  const json::object o{{"v", 1},
                       {"opens", page.opens.ms},
                       {"at", page.at.ms},
                       {"key", page.key},
                       {"members", json::value_from(page.members)}};
  return store.put_value(name, json::serialize(o));
}

Result<GroupBook::Plan> GroupBook::plan(Store& store, std::string_view channel,
                                        const OutgoingGroup& group,
                                        std::span<const OutboxEntry> due, Instant now) {
  // The group's name contains a rep's id, which must not appear in the name of a value.
  const auto name =
      "alert-group:" + sha256_hex(fmt::format("{}\n{}", channel, group.name)).substr(0, 32);
  auto page = read(store, name);
  if (!page) return page.error();
  if (auto repeated = repeat_last(*page, group, due, now); repeated.send) return repeated;
  if (now < page->opens) return wait_all(due.size(), page->opens);
  const bool collected = std::any_of(due.begin(), due.end(),
                                     [&](const OutboxEntry& e) { return e.due == page->opens; });
  if (group.collect.ms > 0 && !collected) {
    page->opens = now + group.collect;
    if (auto written = write(store, name, *page); !written) return written.error();
    return wait_all(due.size(), page->opens);
  }
  const auto mine =
      store.consume_once(fmt::format("{}:{}", name, page->opens.ms), group.window + minutes(1));
  if (!mine) return mine.error();
  if (!*mine) return wait_all(due.size(), now + kOtherNode);
  const auto since = page->opens.ms > 0 ? page->opens : now;
  auto next = begin_window(group, due, since, now);
  if (auto written = write(store, name, next.page); !written) return written.error();
  return std::move(next.plan);
}

// Members of the last message that are still due were not delivered, or the result was not written.
// They are sent again as the same message.
GroupBook::Plan GroupBook::repeat_last(const Page& page, const OutgoingGroup& group,
                                       std::span<const OutboxEntry> due, Instant now) {
  Plan plan;
  plan.wait_until = page.opens;
  for (std::size_t i = 0; i < due.size(); ++i) {
    const bool known =
        std::binary_search(page.members.begin(), page.members.end(), hash_of(due[i]));
    (known ? plan.members : plan.waiting).push_back(i);
  }
  plan.send = !plan.members.empty();
  plan.key = page.key;
  plan.since = page.at;
  if (plan.wait_until <= now) plan.wait_until = now + group.window;
  return plan;
}

// A new message with the entries that fit into it, and its page.
GroupBook::Window GroupBook::begin_window(const OutgoingGroup& group,
                                          std::span<const OutboxEntry> due, Instant since,
                                          Instant now) {
  Plan plan{true, now + group.window, {}, since, {}, {}};
  Page page{now + group.window, since, {}, {}};
  for (std::size_t i = 0; i < due.size(); ++i) {
    (i < kMostMembers ? plan.members : plan.waiting).push_back(i);
    if (i < kMostMembers) page.members.push_back(hash_of(due[i]));
  }
  std::sort(page.members.begin(), page.members.end());
  std::string keys;
  for (const auto& member : page.members) keys += member;
  // A single message keeps its key. A combined message gets a key made from those of its members.
  page.key = plan.members.size() == 1 ? due[plan.members.front()].item.key
                                      : "group:" + sha256_hex(keys).substr(0, 32);
  plan.key = page.key;
  return {std::move(plan), std::move(page)};
}

}  // namespace baton
