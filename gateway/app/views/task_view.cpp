#include "gateway/app/views/task_view.h"

#include "gateway/core/lifecycle/contact_basis.h"
#include "mapping/json/json.h"

namespace baton {
namespace {

struct TaskWords {
  std::string_view qualify, connect, reschedule, handover, unknown, asked, phone, email, receipt,
      why;
};
constexpr TaskWords kGerman{"Prüfen und ergänzen",
                            "Anrufen",
                            "Neuen Termin finden",
                            "Übernehmen",
                            "unbekannter Kontakt",
                            "Anfrage",
                            "Telefon",
                            "E-Mail",
                            "Beleg",
                            "Warum"};
constexpr TaskWords kEnglish{"Qualify and enrich",
                             "Call",
                             "Find another date",
                             "Take over",
                             "unknown contact",
                             "Asked",
                             "Phone",
                             "E-mail",
                             "Receipt",
                             "Why"};

std::string_view what(const TaskWords& words, std::string_view kind) {
  return kind == "qualify"      ? words.qualify
         : kind == "connect"    ? words.connect
         : kind == "reschedule" ? words.reschedule
                                : words.handover;
}

std::string who(const PersonFacts& p, const TaskWords& words) {
  std::string name = p.full_name;
  if (name.empty())
    name = p.first_name.empty() || p.last_name.empty() ? p.first_name + p.last_name
                                                       : p.first_name + ' ' + p.last_name;
  const auto& company = p.company.name.empty() ? p.company.domain : p.company.name;
  if (name.empty())
    name = company.empty() ? !p.email.empty() ? p.email : std::string(words.unknown) : company;
  else if (!company.empty())
    name += ", " + company;
  return name;
}

void add_line(std::string& text, std::string_view name, std::string_view value) {
  if (value.empty()) return;
  if (!text.empty()) text += '\n';
  text.append(name).append(": ").append(value);
}

std::string body_of(const CrmTask& task, const PersonState& person, const Policy& policy,
                    const TaskWords& words, std::string_view explain_url, Instant now) {
  std::string text;
  if (!person.lead) return text;
  const auto& lead = *person.lead;
  add_line(text, words.asked, lead.ask);
  json::object reach;
  put(reach, "phone", person.profile.phone);
  put(reach, "email", person.profile.email);
  make_lawful(reach, person, policy.lifecycle->work.contact, now);
  add_line(text, words.phone, baton::text(reach, "phone"));
  add_line(text, words.email, baton::text(reach, "email"));
  if (task.kind == "handover" && !lead.handovers.empty())
    add_line(text, words.receipt, lead.handovers.back().receipt);
  add_line(text, words.why, explain_url);
  return text;
}

}  // namespace

json::object task_view(const CrmTask& task, const PersonState& person, const Policy& policy,
                       std::string_view language, std::string_view explain_url, Instant now) {
  const Rep* rep = policy.routing->rep(task.owner);
  const auto& words = (rep != nullptr ? std::string_view(rep->message_language) : language) == "de"
                          ? kGerman
                          : kEnglish;
  json::object view{{"key", task.id}, {"kind", task.kind}, {"state", task.state}};
  std::string subject(what(words, task.kind));
  put(view, "subject", subject.append(": ").append(who(person.profile, words)));
  put(view, "body", body_of(task, person, policy, words, explain_url, now));
  put(view, "channel", task.channel);
  if (task.step > 0) view.emplace("step", task.step);
  put(view, "opened", to_rfc3339(task.opened_at));
  if (task.due) put(view, "due", to_rfc3339(*task.due));
  json::object owner;
  put(owner, "id", task.owner);
  if (rep != nullptr) put(owner, "name", rep->name), put(owner, "email", rep->email);
  if (!owner.empty()) view.emplace("owner", std::move(owner));
  return view;
}

}  // namespace baton
