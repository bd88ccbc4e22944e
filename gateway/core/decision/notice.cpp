#include "gateway/core/decision/notice.h"

#include <array>

#include "gateway/core/decision/alert.h"
#include "gateway/core/decision/joined.h"
#include "gateway/core/lifecycle/contact_basis.h"
#include "gateway/core/model/event_codec.h"
#include "gateway/core/sla/sla_clock.h"
#include "mapping/json/json.h"

namespace baton {
namespace {

void put_time(json::object& data, std::string_view key, Instant at) {
  std::array<char, kInstantLength> text;
  const auto length = static_cast<std::size_t>(write_rfc3339(text.data(), at) - text.data());
  data.insert_or_assign(key, std::string_view(text.data(), length));
}

constexpr std::size_t kNoticeBytes = 3072, kNoticeMembers = 32;

std::string name_of(const PersonFacts& p) {
  if (!p.full_name.empty()) return p.full_name;
  if (p.first_name.empty()) return p.last_name;
  return p.last_name.empty() ? p.first_name : p.first_name + " " + p.last_name;
}

void put_dues(const PersonState& person, json::object& data) {
  json::object dues(data.storage());
  for (const auto& clock : person.clocks) {
    if (!is_ended(clock)) put_time(dues, clock.definition, clock.due);
  }
  if (!dues.empty()) data.emplace("dues", std::move(dues));
}

void put_clock(const ClockInstance& clock, const RepId& recipient, Instant now,
               json::object& data) {
  data.emplace("clock", clock.definition);
  data.emplace("clock_id", clock.id.view());
  json::array known;
  for (const auto& rep : who_knows(clock)) {
    if (rep != recipient) known.emplace_back(rep.view());
  }
  if (!known.empty()) data.emplace("known_by", std::move(known));
  put_time(data, "due", clock.due);
  if (clock.breached_at && *clock.breached_at < now)
    data.emplace("late_by_s", (now - *clock.breached_at).ms / 1000);
  put(data, "excused", clock.excused);
}

bool is_alert(NoticeKind kind) {
  return kind == NoticeKind::kWarning || kind == NoticeKind::kBreach ||
         kind == NoticeKind::kEscalation;
}

// The earliest due time of the running clocks.
std::optional<Instant> first_due(const PersonState& person) {
  std::optional<Instant> due;
  for (const auto& clock : person.clocks) {
    if (!is_ended(clock) && (!due || clock.due < *due)) due = clock.due;
  }
  return due;
}

}  // namespace

// The lead's own request if they made one, otherwise the rule with the most points.
Reason Notices::best_reason() {
  const auto& lead = *person_.lead;
  if (lead.type != Intent::kInformational)
    return {"why.asked", {}, {{"type", to_string(lead.type)}}};
  const auto& result = score_.get();
  if (result.lines.empty()) return {"why.grade", {}, {{"grade", person_.score.grade}}};
  const auto& line = result.lines.front();
  return {"score.rule", std::string(line.rule), {{"axis", line.axis}, {"points", line.points}}};
}

// The instant for which the message was planned: a late timer's own due time, otherwise now.
Instant Notices::planned() const {
  return fired_ != nullptr && fired_->due < now_ ? fired_->due : now_;
}

void Notices::send_to_notified(NoticeKind kind, const ClockInstance& clock) {
  for (const auto& rep : clock.notified)
    send(kind, rep, clock_key(clock, to_string(kind), rep), {}, &clock);
}

std::string Notices::clock_key(const ClockInstance& clock, std::string_view level,
                               const RepId& recipient) const {
  return joined({person_.id.view(), ":", clock.id.view(), ":", level, ":", recipient.view()});
}

void Notices::put_lead(json::object& data) const {
  const auto& lead = *person_.lead;
  const auto& profile = person_.profile;
  put(data, "name", name_of(profile));
  put(data, "company",
      profile.company.name.empty() ? profile.company.domain : profile.company.name);
  put(data, "phone", profile.phone);
  put(data, "email", profile.email);
  put(data, "job_title", profile.job_title);
  put(data, "language", profile.language);
  put(data, "ask", lead.ask);
  put(data, "lead", lead.id.view());
  put(data, "person", person_.id.view());
  if (!lead.handovers.empty()) put(data, "handover", lead.handovers.back().id.view());
  put(data, "owner", lead.owner.view());
  put(data, "stage", to_string(lead.stage));
  put(data, "type", to_string(lead.type));
  put(data, "grade", person_.score.grade);
  const Instant since = lead.trigger_at.ms != 0 ? lead.trigger_at : lead.opened_at;
  put_time(data, "waiting_since", since);
  data.emplace("waiting_s", (now_ - since).ms / 1000);
  put_time(data, "planned_at", planned());
  if (const auto due = first_due(person_)) put_time(data, "due", *due);
  put_dues(person_, data);
}

bool Notices::send(NoticeKind kind, const RepId& recipient, std::string key, json::object more,
                   const ClockInstance* clock) {
  if (recipient.empty() || !person_.lead) return false;
  if (clock != nullptr && is_alert(kind) && knows(*clock, recipient)) {
    sink_.because(
        "notice.known", {},
        {{"kind", to_string(kind)}, {"recipient", recipient}, {"clock", clock->definition}});
    return false;
  }
  // One block of memory holds all the data; the notice is read once and then freed.
  json::object data(json::make_shared_resource<json::monotonic_resource>(kNoticeBytes));
  data.reserve(kNoticeMembers);
  for (const auto& [name, value] : more) data.emplace(name, value);
  put_lead(data);
  if (kind == NoticeKind::kOffer || kind == NoticeKind::kReassigned)
    data.emplace("reason", to_json(best_reason()));
  if (clock != nullptr) put_clock(*clock, recipient, now_, data);
  make_lawful(data, person_, policy_.lifecycle->work.contact, now_);
  Notice notice{std::move(key), kind, recipient, clock != nullptr ? clock->definition : "",
                std::move(data)};
  sink_.happened(joined({"notice.", to_string(kind)}));
  sink_.because("notice.sent", {},
                {{"kind", to_string(kind)}, {"recipient", recipient}, {"clock", notice.clock}});
  sink_.effects.emplace_back(std::move(notice));
  return true;
}

}  // namespace baton
