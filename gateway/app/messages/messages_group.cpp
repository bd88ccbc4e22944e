#include <algorithm>

#include <fmt/format.h>

#include "gateway/app/messages/messages_timing.h"
#include "gateway/core/text/texts.h"
#include "mapping/json/json.h"

namespace baton {
namespace {

constexpr std::size_t kShown = 30;
constexpr std::size_t kAnswered = 6;  // Teams shows no more buttons, and Slack's lines have an end

int weight(std::string_view kind) {
  return kind == "escalation" ? 0 : kind == "breach" ? 1 : kind == "warning" ? 2 : 3;
}

// Still open before ended, then who waits longest; the key makes it the same on every machine.
std::vector<const Message*> in_order(std::span<const Message> members) {
  std::vector<const Message*> list;
  for (const auto& member : members) {
    if (!member.headline.empty()) list.push_back(&member);
  }
  const auto before = [](const Message* a, const Message* b) {
    const auto rank = [](const Message* m) {
      return std::tuple(weight(m->kind), text(m->data, "waiting_since"), std::string_view(m->key));
    };
    return rank(a) < rank(b);
  };
  std::sort(list.begin(), list.end(), before);
  return list;
}

std::string rest_of(const Message& member) {
  std::string rest = member.who.size() + 2 <= member.headline.size()
                         ? member.headline.substr(member.who.size() + 2)
                         : member.headline;
  if (!member.owner_name.empty()) rest += " · " + member.owner_name;
  return rest;
}

bool all_excused(std::span<const Message> members) {
  return std::all_of(members.begin(), members.end(),
                     [](const Message& m) { return m.data.contains("excused"); });
}

json::object machine(const std::vector<const Message*>& members, std::size_t count) {
  json::array list;
  for (const auto* member : members) {
    json::object one = member->data;
    one["key"] = member->key;
    one["kind"] = member->kind;
    one["headline"] = member->headline;
    json::array links;
    for (const auto& link : member->links)
      links.push_back(
          json::object{{"label", link.label}, {"url", link.url}, {"action", link.action}});
    if (!links.empty()) one["links"] = std::move(links);
    list.push_back(std::move(one));
  }
  json::object data{{"members", std::move(list)}};
  if (count > members.size()) data["more"] = count - members.size();
  return data;
}

// The link that answers a member: that of the alert, or of the task in a queue.
bool answers(const Message& member, const MessageLink& link) {
  return link.action == "acknowledge" ||
         (link.action == "details" && member.data.contains("queue"));
}

// The recipient of a group answers for each of its leads separately, the longest waiting first.
void add_answers(const std::vector<const Message*>& members, Message& out) {
  for (const auto* member : members) {
    const auto link = std::find_if(member->links.begin(), member->links.end(),
                                   [&](const MessageLink& l) { return answers(*member, l); });
    if (link == member->links.end() || out.links.size() == kAnswered) continue;
    out.links.push_back(
        {fmt::format("{}: {}", link->label, member->who), link->url, false, link->action});
  }
}

}  // namespace

Message compose_group(std::span<const Message> members, const Texts& texts, std::string key,
                      Duration late_by) {
  const auto list = in_order(members);
  const auto& first = *list.front();
  const auto count = members.size();
  const auto note = [&](Message& message, std::string text) {
    message.facts.emplace_back(texts.text("message.label_note"), std::move(text));
  };
  const auto late = [&](Message& message) {
    message.late_by = late_by;
    if (late_by >= minutes(1))
      note(message, texts.say("message.late_message", {{"time", waiting_text(late_by, texts)}}));
  };
  if (count == 1) {
    Message alone = first;
    late(alone);
    return alone;
  }
  Message out;
  out.key = std::move(key);
  out.kind = first.kind;
  out.recipient = first.recipient;
  out.recipient_name = first.recipient_name;
  out.recipient_email = first.recipient_email;
  out.language = first.language;
  out.sent_by = first.sent_by;
  out.headline = first.headline + texts.say("message.and_more", {{"count", count - 1}});
  if (all_excused(members))
    note(out,
         texts.say("message.excused_many",
                   {{"count", count}, {"why", excuse_text(text(first.data, "excused"), texts)}}));
  for (std::size_t i = 0; i < list.size() && i < kShown; ++i)
    out.facts.emplace_back(list[i]->who, rest_of(*list[i]));
  if (count > kShown)
    out.facts.emplace_back("…", texts.say("message.and_more", {{"count", count - kShown}}));
  add_answers(list, out);
  late(out);
  out.data = machine(list, count);
  return out;
}

}  // namespace baton
