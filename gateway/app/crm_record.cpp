#include "gateway/app/crm_record.h"

#include <algorithm>

#include "gateway/core/explain.h"
#include "mapping/json.h"

namespace baton {
namespace {

json::object lead_of(const PersonState& p) {
  const Lead& lead = *p.lead;
  json::object o{{"id", lead.id}, {"cycle", lead.cycle}, {"type", to_string(lead.type)}, {"stage", to_string(lead.stage)},
                 {"work_status", to_string(lead.work)}};
  put(o, "grade", p.score.grade);
  o.emplace("fit", points_text(p.score.fit, Language::kEnglish));
  o.emplace("engagement", points_text(p.score.engagement, Language::kEnglish));
  o.emplace("total", points_text(p.score.total, Language::kEnglish));
  put(o, "ask", lead.ask);
  put(o, "reason", lead.reason);
  return o;
}

json::object handover_of(const PersonState& p, const Handover& handover) {
  json::object o{{"id", handover.id}, {"state", to_string(handover.state)}};
  put(o, "receipt", handover.receipt);
  const ClockInstance* next = nullptr;
  for (const auto& clock : p.clocks) {
    if (clock.state == ClockState::kRunning && (next == nullptr || clock.due < next->due)) next = &clock;
  }
  if (next != nullptr) o.emplace("due", to_rfc3339(next->due));
  return o;
}

json::object attribution_of(const Attribution& a) {
  json::object o;
  put(o, "channel", a.channel);
  put(o, "utm_source", a.utm_source);
  put(o, "utm_medium", a.utm_medium);
  put(o, "utm_campaign", a.utm_campaign);
  put(o, "utm_term", a.utm_term);
  put(o, "utm_content", a.utm_content);
  put(o, "referrer", a.referrer);
  put(o, "landing_page", a.landing_page);
  return o;
}

}  // namespace

CrmRecord crm_record(const OpenPerson& person, const Policy& policy, const std::string& destination,
                     const std::string& public_url) {
  const PersonState& p = person.state;
  CrmRecord record;
  record.person = p.id;
  record.version = person.version;
  if (const auto ref = person.refs.find(destination); ref != person.refs.end()) record.ref = ref->second;
  record.view = to_json(p.profile);
  record.view.emplace("id", p.id);
  record.view.emplace("version", person.version);
  record.view.emplace("attribution", attribution_of(p.first_touch));
  if (!p.lead) return record;
  record.view.emplace("lead", lead_of(p));
  json::object stages;
  for (const auto& entry : p.lead->stages) stages.insert_or_assign(to_string(entry.stage), to_rfc3339(entry.at));
  record.view.emplace("stages", std::move(stages));
  if (const Rep* owner = policy.routing->rep(p.lead->owner)) {
    record.view.emplace("owner", json::object{{"id", owner->id}, {"name", owner->name}, {"email", owner->email}});
  }
  if (!p.lead->handovers.empty()) record.view.emplace("handover", handover_of(p, p.lead->handovers.back()));
  if (!public_url.empty()) record.view.emplace("explain_url", public_url + "/api/v1/leads/" + p.lead->id + "/explain");
  return record;
}

}  // namespace baton
