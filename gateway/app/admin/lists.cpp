#include <fmt/format.h>

#include "gateway/app/admin/admin_backend.h"
#include "gateway/app/documents/decision_log.h"
#include "gateway/app/documents/envelope.h"
#include "gateway/app/views/person_view.h"
#include "gateway/core/decide/decide.h"
#include "gateway/core/pool/pool.h"
#include "gateway/store/seal/packing.h"
#include "mapping/unicode.h"

namespace baton {
namespace {

constexpr std::size_t kShown = 500;
constexpr std::size_t kLogPage = 1000;

bool list_matches(const ListQuery& query, std::string_view name, std::string_view value) {
  const auto it = query.filters.find(std::string(name));
  return it == query.filters.end() || it->second == value;
}

std::string letter_id(const DeadLetter& letter) {
  return fmt::format("{}-{}", letter.partition, letter.entry);
}

json::object letter_row(const DeadLetter& letter) {
  return {{"id", letter_id(letter)},           {"at", to_rfc3339(letter.at)},
          {"origin", letter.origin},           {"subject", letter.subject},
          {"destination", letter.destination}, {"reason", letter.reason}};
}

// The delivery as it was received. A body that is not UTF-8 cannot be part of JSON, so only its
// length is shown.
json::object delivery_view(const RawDelivery& raw) {
  json::object view{{"received_at", to_rfc3339(raw.received_at)},
                    {"content_type", raw.content_type},
                    {"bytes", raw.body.size()}};
  if (is_utf8(raw.body)) view.emplace("body", raw.body);
  return view;
}

std::vector<PartitionId> all_partitions(const Store& store) {
  std::vector<PartitionId> all(store.partitions());
  for (std::size_t i = 0; i < all.size(); ++i) all[i] = static_cast<PartitionId>(i);
  return all;
}

}  // namespace

// Without a `state` only open items are listed.
Result<json::object> AdminBackend::tasks(const ListQuery& query) {
  return list(query, false, [&](const OpenPerson& open, const auto&, json::array& out) {
    const auto& lead = open.state.lead;
    if (!lead || !list_matches(query, "lead", lead->id.view())) return;
    for (const auto& task : lead->tasks) {
      if (!query.filters.contains("state") && !is_open(task.state)) continue;
      if (list_matches(query, "state", to_string(task.state)) &&
          list_matches(query, "kind", to_string(task.kind)) &&
          list_matches(query, "owner", task.owner.view()) &&
          list_matches(query, "team", task.team)) {
        out.push_back(task_view(open.state, task));
      }
    }
  });
}

Result<json::object> AdminBackend::meetings(const ListQuery& query) {
  return list(query, false, [&](const OpenPerson& open, const auto&, json::array& out) {
    const auto& lead = open.state.lead;
    if (!lead || !list_matches(query, "lead", lead->id.view())) return;
    for (const auto& meeting : lead->meetings) {
      if (list_matches(query, "state", to_string(meeting.state)) &&
          list_matches(query, "rep", meeting.rep.view()))
        out.push_back(meeting_view(open.state, meeting));
    }
  });
}

// The contents that destinations in observe mode would get: for each CRM the newest version of
// every person it would see, and the newest messages. CRMs in live mode are left out, because they
// have received theirs.
Result<json::object> AdminBackend::rehearsed(const ListQuery& query) {
  json::array messages;
  if (query.cursor.empty()) {
    for (auto& message : runtime_.rehearsed.newest_first()) {
      if (list_matches(query, "destination", text(message, "destination")))
        messages.push_back(std::move(message));
    }
  }
  const auto policy = runtime_.configuration.policy.load();
  const auto crms = runtime_.configuration.crms.load();
  auto answer = list(query, false, [&](const OpenPerson& person, const auto&, json::array& out) {
    if (!is_shown(person.state, *policy->lifecycle)) return;
    for (const auto& crm : *crms) {
      if (crm->mode() != Mode::kObserve || !list_matches(query, "destination", crm->name()))
        continue;
      const CrmRecord record = record_for(person, crm->name(), *policy);
      for (const auto& call : crm->render({&record, 1})) {
        out.push_back(json::object{{"kind", "push"},
                                   {"at", to_rfc3339(person.state.last_now)},
                                   {"destination", crm->name()},
                                   {"person", record.person},
                                   {"version", record.version},
                                   {"request", request_view(call.request, true)}});
      }
    }
  });
  if (answer) (*answer)["messages"] = std::move(messages);
  return answer;
}

Result<json::object> AdminBackend::outbox(const ListQuery& query) {
  const auto state = query.filters.find("state");
  if (state != query.filters.end() && state->second == "observed") return rehearsed(query);
  if (state != query.filters.end() && state->second != "waiting")
    return error(Errc::kInvalidInput, "state must be waiting or observed");
  const std::lock_guard lock(mutex_);
  auto s = store();
  if (!s) return s.error();
  json::array items;
  const auto add = [&](Store::Queue queue, const std::string& name) -> Status {
    auto queued = (*s)->queued(queue, name, kShown);
    if (!queued) return queued.error();
    const bool push = queue == Store::Queue::kPush;
    for (const auto& entry : *queued) {
      json::object row{
          {"kind", push ? "push" : name}, {"person", entry.key.id}, {"due", to_rfc3339(entry.due)}};
      row.emplace(push ? "destination" : "key", entry.item);
      items.push_back(std::move(row));
    }
    return {};
  };
  const auto destinations = runtime_.configuration.destinations.load();
  for (const auto& destination : *destinations) {
    if (!list_matches(query, "destination", destination)) continue;
    if (auto added = add(Store::Queue::kPush, destination); !added) return added.error();
  }
  const auto task_takers = runtime_.configuration.task_takers.load();
  for (const auto& crm : *task_takers) {
    if (!list_matches(query, "destination", crm)) continue;
    if (auto added = add(Store::Queue::kOutbox, task_queue(crm)); !added) return added.error();
  }
  for (const std::string kind : {"owner", "pool", "notify"}) {
    if (query.filters.contains("destination")) break;
    if (auto added = add(Store::Queue::kOutbox, kind); !added) return added.error();
  }
  auto counts = (*s)->counts();
  if (!counts) return counts.error();
  return json::object{{"items", std::move(items)},
                      {"waiting", {{"push", counts->push}, {"outbox", counts->outbox}}}};
}

Result<json::object> AdminBackend::dead_letters(const ListQuery& query) {
  const std::lock_guard lock(mutex_);
  auto s = store();
  if (!s) return s.error();
  auto letters = (*s)->dead_letters(kShown);
  if (!letters) return letters.error();
  json::array items;
  for (const auto& letter : *letters) {
    if (!list_matches(query, "origin", letter.origin) ||
        !list_matches(query, "destination", letter.destination))
      continue;
    if (items.size() >= static_cast<std::size_t>(query.limit)) break;
    items.push_back(letter_row(letter));
  }
  return json::object{{"items", std::move(items)}};
}

Result<DeadLetter> AdminBackend::find_letter(std::string_view id) {
  auto s = store();
  if (!s) return s.error();
  auto letters = (*s)->dead_letters(100'000);
  if (!letters) return letters.error();
  for (auto& letter : *letters) {
    if (letter_id(letter) == id) return std::move(letter);
  }
  return error(Errc::kNotFound, "no such dead letter");
}

Result<json::object> AdminBackend::dead_letter(std::string_view id) {
  const std::lock_guard lock(mutex_);
  auto letter = find_letter(id);
  if (!letter) return letter.error();
  json::object row = letter_row(*letter);
  if (letter->origin != "intake") return row;
  const auto delivery = open_delivery(letter->subject, letter->payload, *runtime_.access.keys);
  if (delivery) row.emplace("delivery", delivery_view(delivery->raw));
  return row;
}

Status AdminBackend::retry_dead_letter(std::string_view id) {
  const std::lock_guard lock(mutex_);
  auto letter = find_letter(id);
  if (!letter) return letter.error();
  auto revived = store_->requeue_dead_letter(*letter);
  if (revived) {
    runtime_.signals.wake_engine();
    runtime_.signals.wake_dispatcher();
  }
  return revived;
}

Status AdminBackend::drop_dead_letter(std::string_view id) {
  const std::lock_guard lock(mutex_);
  auto letter = find_letter(id);
  if (!letter) return letter.error();
  return store_->forget_dead_letter(*letter);
}

Status AdminBackend::count_events(PartitionId partition, const ListQuery& query,
                                  std::map<std::string, std::int64_t>& counts) {
  const auto bound = [&](const char* name, Instant fallback) {
    const auto it = query.filters.find(name);
    return it == query.filters.end() ? fallback : parse_rfc3339(it->second).value_or(fallback);
  };
  const Instant from = bound("from", {INT64_MIN});
  const Instant to = bound("to", {INT64_MAX});
  std::string after;
  for (;;) {
    auto page = store_->read_log(partition, after, kLogPage);
    if (!page) return page.error();
    for (const auto& entry : *page) {
      after = entry.entry;
      const auto record = read_record(*runtime_.access.documents, nullptr, entry.bytes);
      if (!record || record->now < from || record->now >= to) continue;
      ++counts["decisions"];
      for (const auto& name : record->events) ++counts[name];
    }
    if (page->size() < kLogPage) return {};
  }
}

// A report for marketing and sales, counted from the decision log: the events, and how often each
// happened.
Result<json::object> AdminBackend::report(std::string_view name, const ListQuery& query) {
  if (name != "funnel") return error(Errc::kNotFound, "no such report; the only report is funnel");
  const std::lock_guard lock(mutex_);
  auto s = store();
  if (!s) return s.error();
  std::map<std::string, std::int64_t> counts;
  for (const PartitionId partition : all_partitions(**s)) {
    if (auto counted = count_events(partition, query, counts); !counted) return counted.error();
  }
  auto totals = (*s)->counts();
  if (!totals) return totals.error();
  json::object events;
  for (const auto& [event, n] : counts) events.emplace(event, n);
  return json::object{
      {"report", "funnel"}, {"persons", totals->persons}, {"events", std::move(events)}};
}

Result<json::object> AdminBackend::start_reindex() {
  runtime_.reindex.ask();
  return reindex();
}

Result<json::object> AdminBackend::reindex() {
  const ReindexReport report = runtime_.reindex.report();
  return json::object{{"running", report.running},      {"sweeps", report.sweeps},
                      {"persons", report.persons},      {"timers", report.timers},
                      {"pushes", report.pushes},        {"listed", report.listed},
                      {"unreadable", report.unreadable}};
}

}  // namespace baton
