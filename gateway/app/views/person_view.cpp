#include "gateway/app/views/person_view.h"

#include "mapping/json/json.h"

namespace baton {
namespace {

void put_time(json::object& o, std::string_view key, const std::optional<Instant>& at) {
  if (at) o.emplace(key, to_rfc3339(*at));
}

std::string points(std::int64_t milli) {
  std::string text = std::to_string(milli / 1000);
  if (milli % 1000 != 0) text += '.' + std::to_string(1000 + std::abs(milli % 1000)).substr(1);
  return text;
}

json::object handover_view(const Handover& h) {
  json::object o{{"id", h.id.view()},
                 {"state", to_string(h.state)},
                 {"rep", h.rep.view()},
                 {"pool", h.pool},
                 {"offered_at", to_rfc3339(h.offered_at)}};
  put_time(o, "delivered_at", h.delivered_at);
  put_time(o, "seen_at", h.seen_at);
  put_time(o, "decided_at", h.decided_at);
  put(o, "reason", h.reason);
  put(o, "receipt", h.receipt);
  return o;
}

json::object work_view(const Task& t) {
  json::object o{{"id", t.id},
                 {"kind", to_string(t.kind)},
                 {"state", to_string(t.state)},
                 {"opened_at", to_rfc3339(t.opened_at)}};
  put(o, "owner", t.owner.view());
  put(o, "team", t.team);
  if (t.step > 0) o.emplace("step", t.step);
  put(o, "channel", t.channel);
  put_time(o, "due_at", t.due_at);
  put_time(o, "closed_at", t.closed_at);
  put(o, "result", t.result);
  return o;
}

json::object work_view(const Meeting& m) {
  json::object o{{"id", m.id},
                 {"state", to_string(m.state)},
                 {"at", to_rfc3339(m.at)},
                 {"booked_at", to_rfc3339(m.booked_at)},
                 {"moves", m.moves}};
  put(o, "rep", m.rep.view());
  put(o, "source", m.source);
  put_time(o, "closed_at", m.closed_at);
  put(o, "evidence", m.evidence);
  return o;
}

// The person of the work item.
json::object with_lead(const PersonState& person, json::object o) {
  if (person.lead) o.emplace("lead", person.lead->id.view());
  put(o, "name", person.profile.full_name);
  put(o, "company", person.profile.company.name);
  return o;
}

json::object episode_view(const Lead& lead) {
  json::object o{{"id", lead.id.view()},           {"cycle", lead.cycle},
                 {"stage", to_string(lead.stage)}, {"work_status", to_string(lead.work)},
                 {"type", to_string(lead.type)},   {"opened_at", to_rfc3339(lead.opened_at)}};
  put(o, "owner", lead.owner.view());
  put(o, "pool", lead.pool);
  put(o, "rule", lead.route_rule);
  put(o, "ask", lead.ask);
  put(o, "reason", lead.reason);
  if (lead.hold) put(o, "held", to_string(*lead.hold));
  put_time(o, "wake_at", lead.revisit_at);
  put(o, "contact_basis", lead.contact_basis);
  put(o, "blocked", lead.blocked);
  json::array stages, handovers, attempts, tasks, meetings;
  for (const auto& t : lead.tasks) tasks.push_back(work_view(t));
  for (const auto& m : lead.meetings) meetings.push_back(work_view(m));
  for (const auto& s : lead.stages) {
    stages.push_back(json::object{{"stage", to_string(s.stage)},
                                  {"at", to_rfc3339(s.at)},
                                  {"rule", s.rule},
                                  {"implied", s.implied}});
  }
  for (const auto& h : lead.handovers) handovers.push_back(handover_view(h));
  for (const auto& a : lead.attempts) {
    attempts.push_back(
        json::object{{"at", to_rfc3339(a.at)},
                     {"rep", a.rep.view()},
                     {"channel", a.channel},
                     {"outcome", a.outcome},
                     {"evidence", a.evidence},
                     {"evidence_kind", a.evidence_kind ? to_string(*a.evidence_kind) : ""}});
  }
  o.emplace("stages", std::move(stages));
  o.emplace("handovers", std::move(handovers));
  o.emplace("attempts", std::move(attempts));
  o.emplace("tasks", std::move(tasks));
  o.emplace("meetings", std::move(meetings));
  return o;
}

json::object score_view(const ScoreSnapshot& score) {
  json::object o{{"fit", points(score.fit)},
                 {"engagement", points(score.engagement)},
                 {"total", points(score.total)}};
  put(o, "grade", score.grade);
  if (score.disqualified) o.emplace("disqualified_by", score.disqualified_by);
  put_time(o, "next_crossing", score.next_crossing);
  put(o, "policy", score.policy);
  return o;
}

}  // namespace

PersonId person_of_lead(const LeadId& lead) {
  return PersonId(lead.view().substr(0, lead.view().find('.')));
}

json::object lead_row(const PersonState& person) {
  json::object o{{"person", person.id.view()}};
  if (person.lead) {
    o.emplace("id", person.lead->id.view());
    o.emplace("stage", to_string(person.lead->stage));
    o.emplace("type", to_string(person.lead->type));
    put(o, "owner", person.lead->owner.view());
    put(o, "pool", person.lead->pool);
    o.emplace("work_status", to_string(person.lead->work));
    put_time(o, "ask_again_at", person.lead->ask_again_at);
    o.emplace("opened_at", to_rfc3339(person.lead->opened_at));
  }
  put(o, "name", person.profile.full_name);
  put(o, "company", person.profile.company.name);
  put(o, "grade", person.score.grade);
  o.emplace("total", points(person.score.total));
  o.emplace("updated_at", to_rfc3339(person.last_now));
  return o;
}

json::object task_view(const PersonState& person, const Task& task) {
  return with_lead(person, work_view(task));
}

json::object meeting_view(const PersonState& person, const Meeting& meeting) {
  return with_lead(person, work_view(meeting));
}

json::object clock_view(const PersonState& person, const ClockInstance& clock, Instant now) {
  json::object o{{"id", clock.id.view()},           {"definition", clock.definition},
                 {"state", to_string(clock.state)}, {"started_at", to_rfc3339(clock.started_at)},
                 {"due", to_rfc3339(clock.due)},    {"budget", to_string(clock.budget)},
                 {"calendar", clock.calendar},      {"level", clock.level}};
  if (person.lead) o.emplace("lead", person.lead->id.view());
  put(o, "owner", clock.owner.view());
  put_time(o, "next", clock.next);
  put_time(o, "breached_at", clock.breached_at);
  put_time(o, "stopped_at", clock.stopped_at);
  put(o, "stopped_by", clock.stopped_by);
  if (clock.late_evidence) o.emplace("late_evidence", true);
  put(o, "excused", clock.excused);
  put(o, "subject", clock.subject);
  o.emplace("unit", clock.working_time ? "working" : "wall");
  json::array segments;
  for (const auto& segment : clock.segments) {
    json::object row{{"kind", segment.kind == SegmentKind::kCounted ? "counted" : "paused"},
                     {"from", to_rfc3339(segment.from)}};
    put_time(row, "to", segment.to);
    segments.push_back(std::move(row));
  }
  o.emplace("segments", std::move(segments));
  const Instant end = clock.stopped_at.value_or(now);
  if (end > clock.due) o.emplace("late_by_s", (end - clock.due).ms / 1000);
  return o;
}

json::object lead_view(const PersonState& person) {
  json::object o = lead_row(person);
  o.emplace("profile", to_json(person.profile));
  o.emplace("score", score_view(person.score));
  if (person.lead) o.emplace("episode", episode_view(*person.lead));
  json::array past, clocks, touches, consents;
  for (const auto& lead : person.past) past.push_back(episode_view(lead));
  for (const auto& clock : person.clocks)
    clocks.push_back(clock_view(person, clock, person.last_now));
  for (const auto& t : person.touches) {
    json::object row{{"id", t.id},
                     {"type", to_string(t.type)},
                     {"intent", to_string(t.intent)},
                     {"at", to_rfc3339(t.at)}};
    put(row, "asset", t.asset);
    touches.push_back(std::move(row));
  }
  for (const auto& c : person.consents) {
    consents.push_back(json::object{{"purpose", c.purpose},
                                    {"channel", c.channel},
                                    {"granted", c.granted},
                                    {"basis", c.basis},
                                    {"at", to_rfc3339(c.at)}});
  }
  o.emplace("past", std::move(past));
  o.emplace("clocks", std::move(clocks));
  o.emplace("touches", std::move(touches));
  o.emplace("consents", std::move(consents));
  o.emplace("refs", json::value_from(person.external_ids));
  return o;
}

}  // namespace baton
