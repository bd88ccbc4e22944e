#include "gateway/app/admin/admin_backend.h"

#include <algorithm>
#include <charconv>

#include <fmt/format.h>

#include "gateway/app/documents/decision_log.h"
#include "gateway/app/views/person_view.h"
#include "gateway/core/explain/explain.h"
#include "gateway/core/explain/explain_tree.h"
#include "gateway/core/pool/pool.h"

namespace baton {
namespace {

constexpr std::size_t kHistory = 500;
constexpr std::size_t kScan = 1000;  // most persons that one page of a list examines

bool matches(const ListQuery& query, std::string_view name, std::string_view value) {
  const auto it = query.filters.find(std::string(name));
  return it == query.filters.end() || it->second == value;
}

Result<std::size_t> offset_of(const ListQuery& query) {
  std::size_t offset = 0;
  if (query.cursor.empty()) return offset;
  const auto [end, failed] =
      std::from_chars(query.cursor.data(), query.cursor.data() + query.cursor.size(), offset);
  if (failed != std::errc{} || end != query.cursor.data() + query.cursor.size()) {
    return error(Errc::kInvalidInput, "not a cursor of this list");
  }
  return offset;
}

// "stage.refused" is a decision too: it is logged, and the caller is informed.
Status refusal_of(const WorkResult& result) {
  for (const auto& name : result.events) {
    if (name != "stage.refused" && name != "attempt.refused") continue;
    for (const auto& reason : result.reasons.read()) {
      if (reason.code == "stage.refused")
        return error(Errc::kConflict, explain_reason(reason, texts_in("en")));
    }
    return error(Errc::kConflict, "the lead's stage does not allow it");
  }
  return {};
}

json::object reason_row(const Reason& reason, const NarrationStyle& how) {
  json::object row{{"code", reason.code}, {"text", explain_reason(reason, how)}};
  put(row, "rule", reason.rule);
  if (!reason.facts.empty()) row.emplace("facts", reason.facts);
  return row;
}

// A lead's id is that of its person and the number of its episode. A person's id alone also finds
// the person.
bool has_lead(const PersonState& person, const LeadId& lead) {
  const auto text = lead.view();
  if (text == person.id.view()) return true;
  const auto episode = text.substr(std::min(text.size(), person.id.view().size() + 1));
  std::int64_t number = 0;
  const auto [end, failed] =
      std::from_chars(episode.data(), episode.data() + episode.size(), number);
  return failed == std::errc{} && end == episode.data() + episode.size() &&
         episode.front() != '0' && person.lead && number >= 1 && number <= person.lead->cycle;
}

}  // namespace

Result<Store*> AdminBackend::store() {
  if (!store_) {
    auto opened = runtime_.stores.open();
    if (!opened) return opened.error();
    store_ = std::move(*opened);
  }
  return store_.get();
}

Result<OpenPerson> AdminBackend::person_of(const LeadId& lead) {
  const PersonId id = person_of_lead(lead);
  if (id.empty()) return error(Errc::kNotFound, "no such lead");
  auto s = store();
  if (!s) return s.error();
  auto opened = runtime_.access.documents->load(**s, {&id.str(), 1});
  if (!opened) return opened.error();
  OpenPerson person = std::move(opened->front());
  if (person.version == 0 || !has_lead(person.state, lead))
    return error(Errc::kNotFound, "no such lead");
  return person;
}

Result<std::vector<DecisionRecord>> AdminBackend::records_of(const OpenPerson& person) {
  auto history = store_->history({'p', person.state.id.str()}, kHistory);
  if (!history) return history.error();
  std::vector<DecisionRecord> records;
  for (const auto& entry : *history) {
    if (auto record = read_record(*runtime_.access.documents, &person, entry.bytes))
      records.push_back(std::move(*record));
  }
  return records;
}

Result<json::object> AdminBackend::list(const ListQuery& query, bool with_history,
                                        const Rows& rows) {
  const std::lock_guard lock(mutex_);
  auto s = store();
  if (!s) return s.error();
  auto offset = offset_of(query);
  if (!offset) return offset.error();
  json::array items;
  std::size_t at = *offset;
  bool more = true;
  const auto limit = static_cast<std::size_t>(query.limit);
  while (more && items.size() < limit && at - *offset < kScan) {
    auto ids = (*s)->recent_persons(at, limit);
    if (!ids) return ids.error();
    more = ids->size() == limit;
    auto persons = runtime_.access.documents->load(**s, *ids);
    if (!persons) return persons.error();
    for (const auto& person : *persons) {
      if (items.size() >= limit) break;
      ++at;
      if (person.version == 0) continue;
      std::vector<DecisionRecord> records;
      if (with_history) {
        auto read = records_of(person);
        if (!read) return read.error();
        records = std::move(*read);
      }
      rows(person, records, items);
    }
  }
  json::object answer{{"items", std::move(items)}};
  if (more) answer.emplace("next_cursor", std::to_string(at));
  return answer;
}

Result<json::object> AdminBackend::leads(const ListQuery& query) {
  return list(query, false, [&](const OpenPerson& open, const auto&, json::array& out) {
    const PersonState& person = open.state;
    if (!person.lead) return;
    const Lead& lead = *person.lead;
    if (matches(query, "stage", to_string(lead.stage)) &&
        matches(query, "grade", person.score.grade) && matches(query, "owner", lead.owner.view()) &&
        matches(query, "pool", lead.pool) && matches(query, "work_status", to_string(lead.work))) {
      out.push_back(lead_row(person));
    }
  });
}

Result<json::object> AdminBackend::clocks(const ListQuery& query) {
  return list(query, false, [&](const OpenPerson& open, const auto&, json::array& out) {
    const PersonState& person = open.state;
    for (const auto& clock : person.clocks) {
      if (matches(query, "state", to_string(clock.state)) &&
          matches(query, "owner", clock.owner.view()) &&
          matches(query, "lead", person.lead ? person.lead->id.view() : "")) {
        out.push_back(clock_view(person, clock, runtime_.node.clock->now()));
      }
    }
  });
}

Result<json::object> AdminBackend::alerts(const ListQuery& query) {
  return list(
      query, true,
      [&](const OpenPerson& open, const std::vector<DecisionRecord>& records, json::array& out) {
        const PersonState& person = open.state;
        for (const auto& record : records) {
          for (const auto& reason : record.reasons) {
            if (reason.code != "notice.sent") continue;
            if (!matches(query, "kind", text(reason.facts, "kind")) ||
                !matches(query, "recipient", text(reason.facts, "recipient")))
              continue;
            json::object row = reason.facts;
            row.insert_or_assign("at", to_rfc3339(record.now));
            if (person.lead) row.insert_or_assign("lead", person.lead->id.view());
            out.push_back(std::move(row));
          }
        }
      });
}

Result<json::object> AdminBackend::lead(const LeadId& id) {
  const std::lock_guard lock(mutex_);
  auto person = person_of(id);
  if (!person) return person.error();
  return lead_view(person->state);
}

// Display names of reps, and times in the clocks' default zone.
NarrationStyle AdminBackend::telling(std::string_view language) const {
  const auto policy = runtime_.configuration.policy.load();
  return telling_by(policy, policy->texts->of(language.empty() ? runtime_.node.settings.language
                                                               : std::string(language)));
}

Result<json::object> AdminBackend::timeline(const LeadId& id, const ListQuery& query) {
  const std::lock_guard lock(mutex_);
  auto person = person_of(id);
  if (!person) return person.error();
  auto records = records_of(*person);
  if (!records) return records.error();
  json::array items;
  const auto lang = query.filters.find("lang");
  const NarrationStyle how = telling(lang == query.filters.end() ? "en" : lang->second);
  const auto limit = static_cast<std::size_t>(query.limit);
  const std::size_t first = records->size() > limit ? records->size() - limit : 0;
  for (std::size_t i = first; i < records->size(); ++i) {
    const auto& record = (*records)[i];
    json::array reasons;
    for (const auto& reason : record.reasons) reasons.push_back(reason_row(reason, how));
    items.push_back(json::object{{"at", to_rfc3339(record.now)},
                                 {"event", record.event.id},
                                 {"happened", json::value_from(record.events)},
                                 {"reasons", std::move(reasons)},
                                 {"policy", record.policy}});
  }
  return json::object{{"items", std::move(items)}};
}

Result<json::object> AdminBackend::explain(const LeadId& id, std::string_view language) {
  const std::lock_guard lock(mutex_);
  auto person = person_of(id);
  if (!person) return person.error();
  auto records = records_of(*person);
  if (!records) return records.error();
  const std::string lang(language.empty() ? std::string_view(runtime_.node.settings.language)
                                          : language);
  const auto tree = explain_tree(person->state, *records, telling(lang));
  return json::object{{"lead", id.view()}, {"language", lang}, {"text", tree}};
}

Status AdminBackend::feedback(const LeadId& lead, const SalesFeedback& feedback) {
  const std::lock_guard lock(mutex_);
  auto person = person_of(lead);
  if (!person) return person.error();
  if (const auto& current = person->state.lead;
      current && lead != current->id && lead != person->state.id.view())
    return error(
        Errc::kConflict,
        fmt::format("this lead has ended; the person's current lead is {}", current->id.view()));
  auto now = store_->now();
  if (!now) return now.error();
  Work work{person->state.id, {feedback.id, feedback}, *now, {}};
  if (std::get<SalesFeedback>(work.event.body).at.ms == 0)
    std::get<SalesFeedback>(work.event.body).at = *now;
  Applier applier(runtime_.applier(), *store_);
  const auto results = applier.apply({&work, 1});
  const Status& status = results.front().status;
  if (!status && status.error().code == Errc::kConflict) {
    return error(Errc::kTransient, "another change of the lead is in progress; please try again");
  }
  return status ? refusal_of(results.front()) : status;
}

Result<bool> AdminBackend::consume_once(std::string_view key, Duration ttl) {
  const std::lock_guard lock(mutex_);
  auto s = store();
  if (!s) return s.error();
  return (*s)->consume_once(key, ttl);
}

// A silent CRM does not make the gateway unready, but the check reports it.
std::string AdminBackend::feedback_detail() const {
  const Instant now = runtime_.node.clock->now();
  std::string detail;
  for (const auto& silence : runtime_.feedback.silences(now)) {
    if (!detail.empty()) detail += "; ";
    detail += fmt::format("last news of {} {} s ago", silence.crm,
                          std::max<std::int64_t>(0, (now - silence.since).ms) / 1000);
    if (silence.stale) detail += ": alerts mention it, and no lead is taken from its owner";
  }
  return detail.empty() ? "no CRM reports what sales did" : detail;
}

std::vector<Check> AdminBackend::ready() {
  const std::string problem = state_.problem();
  const auto spool = spool_.stats();
  const auto held = runtime_.leases.held();
  const bool stopping = runtime_.signals.stopping.load();
  return {
      {"store", problem.empty(), problem.empty() ? "Redis answers and is durable" : problem},
      {"spool", true, fmt::format("{} deliveries wait in the spool", spool.records)},
      {"partitions", runtime_.leases.known(),
       fmt::format("{} of {} held by this node", held.size(), runtime_.node.settings.partitions)},
      {"policy", runtime_.configuration.policy.load() != nullptr, "policies are loaded"},
      {"feedback", true, feedback_detail()},
      {"serving", !stopping, stopping ? "shutting down" : "accepting deliveries"}};
}

}  // namespace baton
