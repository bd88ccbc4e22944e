#include <algorithm>
#include <array>

#include "gateway/core/decide/alert.h"
#include "gateway/core/decide/decision_context.h"
#include "gateway/core/lifecycle/contact_basis.h"
#include "gateway/core/model/event_codec.h"
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

// The one reason a rep should read: what they asked for, else the rule that gave most points.
Reason best_reason(DecisionContext& s, const Lead& lead) {
  if (lead.type != Intent::kInformational)
    return {"why.asked", {}, {{"type", to_string(lead.type)}}};
  const auto& result = s.scored();
  if (result.lines.empty()) return {"why.grade", {}, {{"grade", s.person.score.grade}}};
  const auto& line = result.lines.front();
  return {"score.rule", std::string(line.rule), {{"axis", line.axis}, {"points", line.points}}};
}

void put_dues(const PersonState& person, json::object& data) {
  json::object dues(data.storage());
  for (const auto& clock : person.clocks) {
    if (!is_ended(clock)) put_time(dues, clock.definition, clock.due);
  }
  if (!dues.empty()) data.emplace("dues", std::move(dues));
}

void put_clock(const ClockInstance& clock, std::string_view recipient, Instant now,
               json::object& data) {
  data.emplace("clock", clock.definition);
  data.emplace("clock_id", clock.id);
  json::array known;
  for (const auto& rep : who_knows(clock)) {
    if (rep != recipient) known.emplace_back(rep);
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

void remember_told(DecisionContext& s, std::string_view clock, std::string_view recipient) {
  for (auto& c : s.person.clocks) {
    if (c.id != clock ||
        std::find(c.notified.begin(), c.notified.end(), recipient) != c.notified.end())
      continue;
    c.notified.emplace_back(recipient);
    s.changed();
  }
}

// When the message was due: what a clock has to say, at its moment, however late the clock is seen.
Instant planned(const DecisionContext& s) {
  const auto* due = std::get_if<ClockDue>(&s.event.body);
  return due != nullptr && due->due < s.now ? due->due : s.now;
}

// The earliest promise that still runs.
std::optional<Instant> first_due(const PersonState& person) {
  std::optional<Instant> due;
  for (const auto& clock : person.clocks) {
    if (!is_ended(clock) && (!due || clock.due < *due)) due = clock.due;
  }
  return due;
}

}  // namespace

void tell_the_told(DecisionContext& s, NoticeKind kind, const ClockInstance& clock) {
  for (const auto& rep : clock.notified)
    notify(s, kind, rep, &clock, clock_key(s, clock, to_string(kind), rep));
}

std::string clock_key(const DecisionContext& s, const ClockInstance& clock, std::string_view level,
                      std::string_view recipient) {
  return joined({s.person.id, ":", clock.id, ":", level, ":", recipient});
}

void notify(DecisionContext& s, NoticeKind kind, std::string_view recipient,
            const ClockInstance* clock, std::string key, json::object more) {
  if (recipient.empty() || !s.person.lead) return;
  // Who has said that they know is not told of the next level; a snooze ends with a message of its
  // own.
  if (clock != nullptr && is_alert(kind) && knows(*clock, recipient)) {
    return s.because(
        "notice.known", {},
        {{"kind", to_string(kind)}, {"recipient", recipient}, {"clock", clock->definition}});
  }
  const auto& lead = *s.person.lead;
  const auto& profile = s.person.profile;
  // One piece of memory for all of it; it is read once and goes.
  json::object data(json::make_shared_resource<json::monotonic_resource>(kNoticeBytes));
  data.reserve(kNoticeMembers);
  for (const auto& [name, value] : more) data.emplace(name, value);
  put(data, "name", name_of(profile));
  put(data, "company",
      profile.company.name.empty() ? profile.company.domain : profile.company.name);
  put(data, "phone", profile.phone);
  put(data, "email", profile.email);
  put(data, "job_title", profile.job_title);
  put(data, "language", profile.language);
  put(data, "ask", lead.ask);
  put(data, "lead", lead.id);
  put(data, "person", s.person.id);
  if (!lead.handovers.empty()) put(data, "handover", lead.handovers.back().id);
  put(data, "owner", lead.owner);
  put(data, "stage", to_string(lead.stage));
  put(data, "type", to_string(lead.type));
  put(data, "grade", s.person.score.grade);
  const Instant since = lead.trigger_at.ms != 0 ? lead.trigger_at : lead.opened_at;
  put_time(data, "waiting_since", since);
  data.emplace("waiting_s", (s.now - since).ms / 1000);
  put_time(data, "planned_at", planned(s));
  if (const auto due = first_due(s.person)) put_time(data, "due", *due);
  put_dues(s.person, data);
  if (kind == NoticeKind::kOffer || kind == NoticeKind::kReassigned)
    data.emplace("reason", to_json(best_reason(s, lead)));
  if (clock != nullptr) {
    put_clock(*clock, recipient, s.now, data);
    if (kind == NoticeKind::kBreach || kind == NoticeKind::kEscalation)
      remember_told(s, clock->id, recipient);
  }
  make_lawful(data, s.person, s.policy.lifecycle->work.contact, s.now);
  Notice notice{std::move(key), kind, std::string(recipient),
                clock != nullptr ? clock->definition : "", std::move(data)};
  s.happened(joined({"notice.", to_string(kind)}));
  s.because("notice.sent", {},
            {{"kind", to_string(kind)}, {"recipient", recipient}, {"clock", notice.clock}});
  s.out.effects.emplace_back(std::move(notice));
}

}  // namespace baton
