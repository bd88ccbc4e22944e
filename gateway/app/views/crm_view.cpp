#include "gateway/app/views/crm_view.h"

#include "mapping/json/json.h"

namespace baton {
namespace {

void put_object(json::object& view, std::string_view name, json::object value) {
  if (!value.empty()) view.emplace(name, std::move(value));
}

json::object company_of(const CompanyFacts& company) {
  json::object out;
  put(out, "name", company.name);
  put(out, "domain", company.domain);
  put(out, "size", company.size);
  put(out, "industry", company.industry);
  return out;
}

void put_profile(const PersonFacts& p, json::object& view) {
  put(view, "email", p.email);
  put(view, "phone", p.phone);
  put(view, "first_name", p.first_name);
  put(view, "last_name", p.last_name);
  put(view, "full_name", p.full_name);
  put(view, "salutation", p.salutation);
  put(view, "academic_title", p.academic_title);
  put(view, "job_title", p.job_title);
  put(view, "language", p.language);
  put(view, "country", p.country);
  put(view, "city", p.city);
  put(view, "postal_code", p.postal_code);
  put_object(view, "company", company_of(p.company));
}

// Milli-points as whole points, for humans and CRM fields.
void put_score(const ScoreSnapshot& score, json::object& lead) {
  put(lead, "grade", score.grade);
  lead.emplace("fit", score.fit / 1000);
  lead.emplace("engagement", score.engagement / 1000);
  lead.emplace("total", score.total / 1000);
}

json::object lead_of(const Lead& lead, const ScoreSnapshot& score) {
  json::object out;
  put(out, "id", lead.id.view());
  out.emplace("cycle", lead.cycle);
  put(out, "type", to_string(lead.type));
  put(out, "stage", to_string(lead.stage));
  put_score(score, out);
  put(out, "ask", lead.ask);
  put(out, "reason", lead.reason);
  put(out, "work_status", to_string(lead.work));
  return out;
}

// Pushes contain only the newest version, so they include the times of all stages.
json::object stages_of(const Lead& lead) {
  json::object out;
  for (const auto& entry : lead.stages)
    out.insert_or_assign(to_string(entry.stage), to_rfc3339(entry.at));
  return out;
}

json::object handover_of(const PersonState& person, const Lead& lead) {
  json::object out;
  if (lead.handovers.empty()) return out;
  const auto& handover = lead.handovers.back();
  put(out, "id", handover.id.view());
  put(out, "state", to_string(handover.state));
  put(out, "receipt", handover.receipt);
  for (const auto& clock : person.clocks) {
    const bool open = clock.state == ClockState::kRunning || clock.state == ClockState::kPaused;
    if (open && clock.definition == "accept") put(out, "due", to_rfc3339(clock.due));
  }
  return out;
}

json::object owner_of(const Lead& lead, const CrmViewContext& context) {
  json::object out;
  put(out, "id", lead.owner.view());
  if (lead.owner.empty() || !context.rep) return out;
  const auto rep = context.rep(lead.owner);
  put(out, "name", rep.name);
  put(out, "email", rep.email);
  return out;
}

json::object attribution_of(const Attribution& a) {
  json::object out;
  put(out, "channel", a.channel);
  put(out, "utm_source", a.utm_source);
  put(out, "utm_medium", a.utm_medium);
  put(out, "utm_campaign", a.utm_campaign);
  put(out, "utm_term", a.utm_term);
  put(out, "utm_content", a.utm_content);
  put(out, "referrer", a.referrer);
  put(out, "landing_page", a.landing_page);
  return out;
}

}  // namespace

json::object crm_view(const PersonState& person, const CrmViewContext& context) {
  json::object view;
  put(view, "id", person.id.view());
  put_profile(person.profile, view);
  // Between episodes the record shows how the last one ended.
  const Lead* lead = person.lead           ? &*person.lead
                     : person.past.empty() ? nullptr
                                           : &person.past.back();
  if (lead != nullptr) {
    put_object(view, "lead", lead_of(*lead, person.score));
    put_object(view, "stages", stages_of(*lead));
    put_object(view, "owner", owner_of(*lead, context));
    put_object(view, "handover", handover_of(person, *lead));
  }
  put_object(view, "attribution", attribution_of(person.first_touch));
  put(view, "explain_url", context.explain_url);
  return view;
}

CrmRecord crm_record(const PersonState& person, std::uint64_t version, std::string_view destination,
                     const CrmViewContext& context) {
  CrmRecord record;
  record.person = person.id.str();
  record.version = version;
  record.view = crm_view(person, context);
  record.view.emplace("version", version);
  if (const auto found = person.external_ids.find(std::string(destination));
      found != person.external_ids.end())
    record.ref = found->second;
  return record;
}

}  // namespace baton
