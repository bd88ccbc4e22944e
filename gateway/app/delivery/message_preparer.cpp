#include "gateway/app/delivery/message_preparer.h"
#include "gateway/app/documents/effect_codec.h"

#include <algorithm>

#include "gateway/app/messages/messages_timing.h"
#include "gateway/app/reports/report_messages.h"
#include "gateway/app/views/dry_run.h"
#include "gateway/core/lifecycle/contact_basis.h"
#include "gateway/core/model/lead_hold.h"
#include "mapping/json/json.h"

namespace baton {
namespace {

// Whether an offer, a warning or a task is no longer true. A breach stays true, and its notices are
// always sent.
bool overtaken(const Notice& notice, const PersonState& person) {
  if (!person.lead) return true;
  const Lead& lead = *person.lead;
  // A person who objected to marketing must not be called (GDPR Art. 21).
  if (person.objected_at && (notice.kind == NoticeKind::kOffer || notice.kind == NoticeKind::kTask))
    return true;
  // A person who asks again may have an accepted lead.
  if (notice.kind == NoticeKind::kOffer && boolean(notice.data, "again"))
    return lead.owner != notice.recipient;
  // The host of a meeting has accepted by hosting, and still has to know.
  if (notice.kind == NoticeKind::kOffer && meeting_of(notice, lead) != nullptr) return false;
  if (notice.kind == NoticeKind::kOffer) {
    const Handover* open = open_handover(lead);
    return open == nullptr || open->rep != notice.recipient ||
           open->id != text(notice.data, "handover");
  }
  if (notice.kind == NoticeKind::kTask && text(notice.data, "task_kind") == "reopen")
    return !reopen_asked(lead);
  if (notice.kind == NoticeKind::kTask) {
    const auto id = text(notice.data, "task");
    return !id.empty() && std::none_of(lead.tasks.begin(), lead.tasks.end(), [&](const Task& task) {
      return task.id == id && task.state == TaskState::kOpen;
    });
  }
  // The lead may have got an owner while the notice waited for its group.
  if (notice.kind == NoticeKind::kEscalation && boolean(notice.data, "nobody"))
    return !lead.owner.empty();
  if (notice.kind != NoticeKind::kWarning) return false;
  return std::none_of(person.clocks.begin(), person.clocks.end(), [&](const ClockInstance& clock) {
    return clock.definition == notice.clock && clock.state == ClockState::kRunning &&
           !clock.breached_at;
  });
}

}  // namespace

Result<std::vector<Result<std::optional<OutgoingMessage>>>> MessagePreparer::prepare_messages(
    std::span<const OutboxEntry> entries) {
  StorePool::Borrowed store(parts_.stores);
  if (!store) return store.error();
  auto documents = store.documents_of(entries);
  if (!documents) return documents.error();
  std::vector<Result<std::optional<OutgoingMessage>>> all;
  all.reserve(entries.size());
  const ReportContext reports{parts_.configuration, *parts_.access.documents, *parts_.node.clock};
  for (std::size_t i = 0; i < entries.size(); ++i) {
    all.push_back(is_report(entries[i].key) ? report_message(reports, *store, entries[i].item)
                                            : prepare(entries[i], (*documents)[i]));
  }
  return all;
}

Result<std::optional<OutgoingMessage>> MessagePreparer::prepare(const OutboxEntry& entry,
                                                                const Document& document) {
  const auto opened = parts_.access.documents->open(PersonId(entry.key.id), document);
  if (!opened) return opened.error();
  const OpenPerson& person = *opened;
  if (person.version == 0) return std::optional<OutgoingMessage>();
  auto payload = parts_.access.documents->open_item(person, entry.item);
  if (!payload) return payload.error();
  auto parsed = notice_from_json(*payload);
  if (!parsed) return parsed.error();
  if (overtaken(*parsed, person.state)) return std::optional<OutgoingMessage>();
  const auto policy = parts_.configuration.policy.load();
  make_lawful(parsed->data, person.state, policy->lifecycle->work.contact,
              parts_.node.clock->now());
  OutgoingMessage outgoing;
  const auto now = parts_.node.clock->now();
  const auto& timing = parts_.configuration.routes.timing;
  outgoing.channel =
      parts_.configuration.routes.channel(to_string(parsed->kind), parsed->recipient);
  outgoing.not_before = quiet_until(*parsed, now, *policy, timing);
  auto context = contexts_.context_of(*parsed, person.state, *policy);
  context.held_until = quiet_until(*parsed, planned_at(*parsed, now), *policy, timing);
  if (const auto group = group_of(*parsed, person.state, *policy->routing, timing)) {
    outgoing.group = OutgoingGroup{group->name, group->window, group->collect};
    context.held_until = now;  // the group measures how late it is
  }
  outgoing.message = compose(*parsed, context, now);
  return std::optional(std::move(outgoing));
}

Message MessagePreparer::combine_messages(std::span<const Message> messages, std::string key,
                                          Duration late_by) {
  const auto policy = parts_.configuration.policy.load();
  const auto texts = policy->texts->of(messages.front().language);
  return compose_group(messages, *texts, std::move(key), late_by);
}

void MessagePreparer::record_dry_run(const OutboxEntry& entry, const std::string& channel,
                                     const NotifyRequest& request) {
  parts_.rehearsed.add({{"kind", "notify"},
                        {"at", to_rfc3339(parts_.node.clock->now())},
                        {"destination", channel},
                        {"person", entry.key.id},
                        {"key", entry.item.key},
                        {"request", request_view(request)}});
}

}  // namespace baton
