#include "gateway/app/views/task_view.h"

#include "gateway/core/lifecycle/contact_basis.h"
#include "mapping/json/json.h"

namespace baton {
namespace {

TextKey what(std::string_view kind, std::string_view channel) {
  if (kind == "qualify") return "task_in_crm.qualify";
  if (kind == "connect" && (channel == "email" || channel == "mail"))
    return "task_in_crm.connect_in_writing";
  if (kind == "connect") return "task_in_crm.connect";
  return kind == "reschedule" ? TextKey("task_in_crm.reschedule") : TextKey("task_in_crm.handover");
}

std::string who(const PersonFacts& p, const Texts& texts) {
  std::string name = p.full_name;
  if (name.empty())
    name = p.first_name.empty() || p.last_name.empty() ? p.first_name + p.last_name
                                                       : p.first_name + ' ' + p.last_name;
  const auto& company = p.company.name.empty() ? p.company.domain : p.company.name;
  if (name.empty())
    name = company.empty() ? !p.email.empty() ? p.email : texts.say("task_in_crm.unknown_contact")
                           : company;
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
                    const Texts& texts, std::string_view explain_url, Instant now) {
  std::string text;
  if (!person.lead) return text;
  const auto& lead = *person.lead;
  add_line(text, texts.text("task_in_crm.request"), lead.ask);
  json::object reach;
  put(reach, "phone", person.profile.phone);
  put(reach, "email", person.profile.email);
  make_lawful(reach, person, policy.lifecycle->work.contact, now);
  add_line(text, texts.text("task_in_crm.phone"), baton::text(reach, "phone"));
  add_line(text, texts.text("task_in_crm.email"), baton::text(reach, "email"));
  if (task.kind == "handover" && !lead.handovers.empty())
    add_line(text, texts.text("task_in_crm.receipt"), lead.handovers.back().receipt);
  add_line(text, texts.text("task_in_crm.why"), explain_url);
  return text;
}

}  // namespace

json::object task_view(const CrmTask& task, const PersonState& person, const Policy& policy,
                       std::string_view language, std::string_view explain_url, Instant now) {
  const Rep* rep = policy.routing->rep(task.owner);
  const auto& texts = *policy.texts->of(rep != nullptr ? rep->message_language : language);
  json::object view{{"key", task.id}, {"kind", task.kind}, {"state", task.state}};
  put(view, "subject",
      texts.say("task_in_crm.subject", {{"task", texts.text(what(task.kind, task.channel))},
                                        {"who", who(person.profile, texts)}}));
  put(view, "body", body_of(task, person, policy, texts, explain_url, now));
  put(view, "channel", task.channel);
  if (task.step > 0) view.emplace("step", task.step);
  put(view, "opened", to_rfc3339(task.opened_at));
  if (task.due) put(view, "due", to_rfc3339(*task.due));
  json::object owner;
  put(owner, "id", task.owner.view());
  if (rep != nullptr) put(owner, "name", rep->name), put(owner, "email", rep->email);
  if (!owner.empty()) view.emplace("owner", std::move(owner));
  return view;
}

}  // namespace baton
