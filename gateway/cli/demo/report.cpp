#include "gateway/cli/demo/report.h"

#include <algorithm>
#include <set>

#include <fmt/format.h>

#include "gateway/core/text/texts.h"

namespace baton {
namespace {

constexpr Duration kCatchUp = seconds(10);

bool caught_up(DemoClient& client) {
  const auto outbox = client.get("/api/v1/outbox");
  const auto* waiting = outbox ? object(*outbox, "waiting") : nullptr;
  return waiting != nullptr && integer(*waiting, "push") == 0 && integer(*waiting, "outbox") == 0;
}

// Calls `row` for each item of each page of a list.
Status each(DemoClient& client, const std::string& path,
            const std::function<Status(const json::object&)>& row) {
  std::string cursor;
  do {
    auto page = client.get(path + "?limit=200" + (cursor.empty() ? "" : "&cursor=" + cursor));
    if (!page) return page.error();
    cursor = text(*page, "next_cursor");
    const auto* items = array(*page, "items");
    for (std::size_t i = 0; items != nullptr && i < items->size(); ++i) {
      if (!(*items)[i].is_object()) continue;
      if (auto done = row((*items)[i].get_object()); !done) return done;
    }
  } while (!cursor.empty());
  return {};
}

// The ids of all events in the timelines of all leads. A delivery's event has the delivery's id.
Result<std::set<std::string, std::less<>>> events_on_record(DemoClient& client) {
  std::set<std::string, std::less<>> events;
  const auto note = [&](const json::object& entry) -> Status {
    events.emplace(text(entry, "event"));
    return {};
  };
  const auto seen = each(client, "/api/v1/leads", [&](const json::object& lead) -> Status {
    auto timeline =
        client.get(fmt::format("/api/v1/leads/{}/timeline?limit=200", text(lead, "id")));
    if (!timeline) return timeline.error();
    if (const auto* items = array(*timeline, "items")) {
      for (const auto& item : *items) {
        if (auto noted = note(item.as_object()); !noted) return noted;
      }
    }
    return {};
  });
  if (!seen) return seen.error();
  return events;
}

struct Answers {
  std::int64_t accepted = 0, duplicates = 0, rejected = 0, lost = 0;
};

Answers count_answers(const std::vector<DemoDelivery>& sent,
                      const std::set<std::string, std::less<>>& events) {
  Answers n;
  for (const auto& delivery : sent) {
    if (delivery.status != 200)
      ++n.rejected;
    else if (delivery.duplicate)
      ++n.duplicates;
    else
      ++n.accepted;
    if (delivery.status == 200 && !events.contains(delivery.id)) ++n.lost;
  }
  return n;
}

// "clock.started." is the total over all clocks.
std::int64_t events_of(const json::object& events, std::string_view name) {
  std::int64_t sum = 0;
  for (const auto& entry : events) {
    const std::string_view key(entry.key());
    if (key == name || (name.ends_with('.') && key.starts_with(name)))
      sum += entry.value().to_number<std::int64_t>();
  }
  return sum;
}

std::int64_t alerts_received(const DemoSandbox& sandbox, std::string_view language) {
  const auto messages = sandbox.messages();
  return std::count_if(messages.begin(), messages.end(), [&](const ChatMessage& message) {
    const auto kind = chat_kind(message, language);
    return kind == ChatKind::kWarning || kind == ChatKind::kBreach ||
           kind == ChatKind::kEscalation || kind == ChatKind::kReassigned;
  });
}

Result<std::int64_t> failed_pushes(DemoClient& client) {
  std::int64_t failed = 0;
  const auto counted =
      each(client, "/api/v1/dead-letters", [&](const json::object& letter) -> Status {
        if (text(letter, "origin") == "push") ++failed;
        return {};
      });
  if (!counted) return counted.error();
  return failed;
}

}  // namespace

ChatKind chat_kind(const ChatMessage& message, std::string_view language) {
  const auto& texts = *texts_in(language);
  // The text up to its first value; an escalation's contains that of a breach, so it comes first.
  const auto sign = [&](TextKey key) {
    const auto text = texts.say(key, {{"time", "\n"}});
    return text.substr(0, text.find('\n'));
  };
  struct Sign {
    TextKey key;
    ChatKind kind;
  };
  const Sign signs[] = {{"message.new_lead", ChatKind::kOffer},
                        {"message.resolved", ChatKind::kResolved},
                        {"message.withdrawn", ChatKind::kWithdrawn},
                        {"message.reassigned", ChatKind::kReassigned},
                        {"message.reassigned_no_contact", ChatKind::kReassigned},
                        {"message.just_escalated", ChatKind::kEscalation},
                        {"message.escalated", ChatKind::kEscalation},
                        {"message.nobody", ChatKind::kEscalation},
                        {"message.many_hops", ChatKind::kEscalation},
                        {"message.overdue_by", ChatKind::kBreach},
                        {"message.just_due", ChatKind::kBreach},
                        {"message.expires_in", ChatKind::kWarning}};
  for (const auto& [key, kind] : signs) {
    if (message.headline().find(sign(key)) != std::string::npos) return kind;
  }
  return ChatKind::kOther;
}

Result<json::object> demo_numbers(DemoClient& client, const DemoSandbox& sandbox,
                                  std::string_view language) {
  if (auto quiet =
          client.wait("CRM and chat to catch up", kCatchUp, [&] { return caught_up(client); });
      !quiet)
    return quiet.error();
  auto on_record = events_on_record(client);
  if (!on_record) return on_record.error();
  auto funnel = client.get("/api/v1/reports/funnel");
  if (!funnel) return funnel.error();
  auto failed = failed_pushes(client);
  if (!failed) return failed.error();
  static const json::object kNone;
  const auto* found = object(*funnel, "events");
  const json::object& events = found != nullptr ? *found : kNone;
  const Answers answers = count_answers(client.sent(), *on_record);
  return json::object{{"received", client.sent().size()},
                      {"accepted", answers.accepted},
                      {"duplicates", answers.duplicates},
                      {"rejected", answers.rejected},
                      {"touches", events_of(events, "touch.recorded")},
                      {"persons", integer(*funnel, "persons")},
                      {"mql", events_of(events, "stage.entered.mql")},
                      {"sal", events_of(events, "stage.entered.sal")},
                      {"sql", events_of(events, "stage.entered.sql")},
                      {"handovers", events_of(events, "handover.offered")},
                      {"clocks_started", events_of(events, "clock.started.")},
                      {"clocks_breached", events_of(events, "clock.breached.")},
                      {"alerts_sent", alerts_received(sandbox, language)},
                      {"crm_delivered", sandbox.versions()},
                      {"crm_failed", *failed},
                      {"lost", answers.lost}};
}

std::vector<std::string> demo_faults(const json::object& numbers, bool whole_story) {
  std::vector<std::string> faults;
  for (const char* name : {"lost", "crm_failed"}) {
    if (integer(numbers, name, -1) != 0) faults.push_back(fmt::format("{} is not 0", name));
  }
  if (!whole_story) return faults;
  for (const char* name : {"duplicates", "rejected", "mql", "sal", "sql", "handovers",
                           "clocks_started", "clocks_breached", "alerts_sent", "crm_delivered"}) {
    if (integer(numbers, name) < 1) faults.push_back(fmt::format("{} is 0", name));
  }
  return faults;
}

}  // namespace baton
