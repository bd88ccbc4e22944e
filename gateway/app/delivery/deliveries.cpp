#include "gateway/app/delivery/deliveries.h"

#include <algorithm>

#include <fmt/format.h>

#include "adapters/engine/mail/mail_curl.h"
#include "gateway/app/delivery/deliveries_store.h"
#include "gateway/app/documents/effect_codec.h"
#include "gateway/app/engine/applier.h"
#include "gateway/app/messages/messages_timing.h"
#include "gateway/app/reports/report_messages.h"
#include "gateway/app/views/dry_run.h"
#include "gateway/core/lifecycle/contact_basis.h"
#include "gateway/core/model/lead_hold.h"
#include "gateway/platform/log.h"
#include "gateway/platform/metrics.h"
#include "mapping/json/json.h"

namespace baton {
namespace {

constexpr std::size_t kAppliedAtOnce = 256;  // persons in memory

// An offer, a warning or a task that has been overtaken says something untrue. What tells of a
// breach is true for ever and always goes out.
bool overtaken(const Notice& notice, const PersonState& person) {
  if (!person.lead) return true;
  const Lead& lead = *person.lead;
  // Whoever objected to marketing is nobody's to call (GDPR Art. 21).
  if (person.objected_at && (notice.kind == NoticeKind::kOffer || notice.kind == NoticeKind::kTask))
    return true;
  // Who asks again may have been accepted long ago.
  if (notice.kind == NoticeKind::kOffer && boolean(notice.data, "again"))
    return lead.owner != notice.recipient;
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
  // It may have waited for others of its group.
  if (notice.kind == NoticeKind::kEscalation && boolean(notice.data, "nobody"))
    return !lead.owner.empty();
  if (notice.kind != NoticeKind::kWarning) return false;
  return std::none_of(person.clocks.begin(), person.clocks.end(), [&](const ClockInstance& clock) {
    return clock.definition == notice.clock && clock.state == ClockState::kRunning &&
           !clock.breached_at;
  });
}

}  // namespace

Result<std::unique_ptr<Store>> Deliveries::borrow() {
  {
    const std::lock_guard lock(mutex_);
    if (!idle_.empty()) {
      auto store = std::move(idle_.back());
      idle_.pop_back();
      return store;
    }
  }
  return runtime_.open_store();
}

void Deliveries::give_back(std::unique_ptr<Store> store) {
  const std::lock_guard lock(mutex_);
  idle_.push_back(std::move(store));
}

DispatcherHooks Deliveries::hooks() {
  DispatcherHooks hooks;
  hooks.store = runtime_.open_store;
  hooks.http = [](const HttpOptions& options) { return make_http_client(options); };
  hooks.mail = [](const MailOptions& options) { return make_mail_client(options); };
  hooks.partitions = [this] { return runtime_.held(); };
  hooks.holds = [this](PartitionId partition) { return runtime_.holds(partition); };
  hooks.since_taken_over = [this](PartitionId partition) {
    return runtime_.since_taken_over(partition);
  };
  hooks.snapshots = [this](std::span<const PushEntry> entries) { return snapshots(entries); };
  hooks.notices = [this](std::span<const OutboxEntry> entries) { return notices(entries); };
  hooks.observed = [this](const OutboxEntry& entry, const std::string& channel,
                          const NotifyRequest& request) {
    runtime_.rehearsed.add({{"kind", "notify"},
                            {"at", to_rfc3339(runtime_.clock->now())},
                            {"destination", channel},
                            {"person", entry.key.id},
                            {"key", entry.item.key},
                            {"request", request_view(request)}});
  };
  hooks.combine = [this](std::span<const Message> members, std::string key, Duration late_by) {
    const auto& texts = runtime_.policy.load()->texts->of(members.front().language);
    return compose_group(members, *texts, std::move(key), late_by);
  };
  hooks.asked = [this](std::span<const PushEntry> entries) { return asked(entries); };
  hooks.told = [this](std::span<const ToldPerson> persons) { return told(persons); };
  hooks.news = [this](const std::string& crm, Instant at) { runtime_.feedback.heard(crm, at); };
  hooks.outcomes = [this](std::span<const EffectTold> told) { outcomes(told); };
  hooks.tasks = [this](std::span<const OutboxEntry> entries, const std::string& crm) {
    return tasks(entries, crm);
  };
  hooks.observed_task = [this](const OutboxEntry& entry, const std::string& crm,
                               const HttpRequest& request) {
    runtime_.rehearsed.add({{"kind", "task"},
                            {"at", to_rfc3339(runtime_.clock->now())},
                            {"destination", crm},
                            {"person", entry.key.id},
                            {"key", entry.item.key},
                            {"request", request_view(request, true)}});
  };
  hooks.recorded = [this](const DocKey& person, const EffectOutcome& told) {
    const EffectTold one{person, told};
    return outcomes({&one, 1});
  };
  return hooks;
}

// Most were committed a moment ago and are open still, at the very version the store has.
Result<std::vector<CrmRecord>> Deliveries::snapshots(std::span<const PushEntry> entries) {
  const auto policy = runtime_.policy.load();
  std::vector<CrmRecord> records;
  std::vector<std::string> persons;
  for (const auto& entry : entries) {
    const bool open =
        entry.version > 0 &&
        runtime_.cache.peek(entry.person, entry.version, [&](const OpenPerson& person) {
          records.push_back(record_for(person, entry.destination, *policy));
          records.back().ref = entry.ref;
        });
    if (!open) persons.push_back(entry.person);
  }
  if (persons.empty()) return records;
  Borrowed store(*this);
  if (!store) return store.error();
  auto opened = runtime_.documents->load(*store, persons);
  if (!opened) {
    store.drop();
    return opened.error();
  }
  for (const auto& person : *opened) {
    if (person.version > 0)
      records.push_back(record_for(person, entries.front().destination, *policy));
  }
  return records;
}

Result<std::vector<AskedPerson>> Deliveries::asked(std::span<const PushEntry> entries) {
  Borrowed store(*this);
  if (!store) return store.error();
  std::vector<std::string> persons;
  for (const auto& entry : entries) persons.push_back(entry.person);
  auto opened = runtime_.documents->load(*store, persons);
  auto now = (*store).now();
  if (!opened || !now) {
    store.drop();
    return opened ? now.error() : opened.error();
  }
  const auto policy = runtime_.policy.load();
  std::vector<AskedPerson> all;
  for (std::size_t i = 0; i < opened->size(); ++i) {
    const auto& person = (*opened)[i];
    if (person.version == 0) continue;
    const std::string_view queue = entries[i].destination;
    AskedPerson asked{record_for(person, queue.substr(0, queue.find('?')), *policy),
                      how_asked(person.state, *policy->sla),
                      asks_slowly(person.state, *policy->sla, *now),
                      {}};
    if (const auto* lead = open_lead(person.state)) {
      asked.since =
          lead->trigger_at.ms == 0 ? lead->opened_at : std::min(lead->opened_at, lead->trigger_at);
    }
    all.push_back(std::move(asked));
  }
  return all;
}

// The way of a webhook's touches from where it is known whom they are about.
std::vector<bool> Deliveries::told(std::span<const ToldPerson> persons) {
  std::vector<bool> taken(persons.size());
  Borrowed store(*this);
  if (!store) return taken;
  auto now = (*store).now();
  if (!now) {
    store.drop();
    return taken;
  }
  std::vector<Work> work;
  for (const auto& one : persons) {
    count("touches_total", "source=" + one.touches.front().source,
          static_cast<double>(one.touches.size()));
    work.push_back({one.person,
                    {fmt::format("poll:{}:{}", one.touches.front().source, one.touches.front().id),
                     TouchesReceived{one.touches}},
                    *now,
                    {}});
  }
  const auto results = Applier(runtime_, *store).apply(work);
  for (std::size_t i = 0; i < results.size(); ++i) taken[i] = results[i].status.has_value();
  return taken;
}

Result<std::vector<Result<std::optional<OutgoingMessage>>>> Deliveries::notices(
    std::span<const OutboxEntry> entries) {
  Borrowed store(*this);
  if (!store) return store.error();
  auto documents = store.documents_of(entries);
  if (!documents) return documents.error();
  std::vector<Result<std::optional<OutgoingMessage>>> all;
  all.reserve(entries.size());
  for (std::size_t i = 0; i < entries.size(); ++i) {
    all.push_back(is_report(entries[i].key) ? report_message(runtime_, *store, entries[i].item)
                                            : notice(entries[i], (*documents)[i]));
  }
  return all;
}

Result<std::optional<OutgoingMessage>> Deliveries::notice(const OutboxEntry& entry,
                                                          const Document& document) {
  const auto opened = runtime_.documents->open(entry.key.id, document);
  if (!opened) return opened.error();
  const OpenPerson& person = *opened;
  if (person.version == 0) return std::optional<OutgoingMessage>();
  auto payload = runtime_.documents->open_item(person, entry.item);
  if (!payload) return payload.error();
  auto parsed = notice_from_json(*payload);
  if (!parsed) return parsed.error();
  if (overtaken(*parsed, person.state)) return std::optional<OutgoingMessage>();
  const auto policy = runtime_.policy.load();
  make_lawful(parsed->data, person.state, policy->lifecycle->work.contact, runtime_.clock->now());
  OutgoingMessage outgoing;
  const auto now = runtime_.clock->now();
  const auto& timing = runtime_.routes.timing;
  outgoing.channel = runtime_.routes.channel(to_string(parsed->kind), parsed->recipient);
  outgoing.not_before = quiet_until(*parsed, now, *policy, timing);
  auto context = context_of(*parsed, person.state, *policy);
  context.held_until = quiet_until(*parsed, planned_at(*parsed, now), *policy, timing);
  if (const auto group = group_of(*parsed, person.state, *policy->routing, timing)) {
    outgoing.group = OutgoingGroup{group->name, group->window, group->collect};
    context.held_until = now;  // how late a group is, the group knows
  }
  outgoing.message = compose(*parsed, context, now);
  return std::optional(std::move(outgoing));
}

bool Deliveries::outcomes(std::span<const EffectTold> told) {
  Borrowed store(*this);
  if (!store) return false;
  auto now = (*store).now();
  if (!now) {
    store.drop();
    return false;
  }
  std::vector<Store::Claim> claims;
  std::vector<Work> work;
  for (const auto& [key, outcome] : told) {
    if (key.kind != 'p') continue;  // a report is about nobody
    // So that feedback of that system finds its person.
    if (outcome.delivered && outcome.effect == "push" && !outcome.ref.empty())
      claims.push_back({runtime_.claims->of_external(outcome.destination, outcome.ref), key.id});
    work.push_back({key.id,
                    {fmt::format("{}:{}:{}", outcome.effect, outcome.destination,
                                 outcome.delivered ? "delivered" : "failed"),
                     outcome},
                    *now,
                    {}});
  }
  if (!claims.empty() && !(*store).claim_identities(claims)) store.drop();
  for (std::size_t begin = 0; begin < work.size(); begin += kAppliedAtOnce) {
    const auto results =
        Applier(runtime_, *store)
            .apply(std::span(work).subspan(begin, std::min(kAppliedAtOnce, work.size() - begin)));
    const auto failed = std::find_if(results.begin(), results.end(),
                                     [](const WorkResult& result) { return !result.status; });
    if (failed == results.end()) continue;
    store.drop();
    log_warn("engine", "outcomes could not be recorded",
             {{"of", static_cast<std::int64_t>(told.size())},
              {"error", failed->status.error().message}});
    return false;
  }
  return true;
}

}  // namespace baton
