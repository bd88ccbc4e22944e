#include "gateway/app/documents/effect_codec.h"

#include "gateway/app/documents/documents.h"
#include "mapping/json/json.h"

namespace baton {
namespace {

template <class Text = std::string>
std::vector<Text> texts(const json::object& o, std::string_view key) {
  std::vector<Text> out;
  if (const auto* list = array(o, key)) {
    for (const auto& item : *list) {
      if (item.is_string()) out.emplace_back(std::string_view(item.get_string()));
    }
  }
  return out;
}

json::array texts_of(const std::vector<RepId>& reps) {
  json::array out;
  for (const auto& rep : reps) out.emplace_back(rep.view());
  return out;
}

json::object object_or_empty(const json::object& o, std::string_view key) {
  const auto* found = object(o, key);
  return found != nullptr ? *found : json::object{};
}

}  // namespace

json::object to_json(const OwnerRequest& r) {
  json::object o{{"key", r.key},   {"person", r.person.view()}, {"pool", r.pool},
                 {"rule", r.rule}, {"mass", r.score_mass},      {"tie", r.tie_break.view()}};
  put(o, "preferred", r.preferred.view());
  if (!r.excluded.empty()) o.emplace("excluded", texts_of(r.excluded));
  put(o, "language", r.language);
  put(o, "country", r.country);
  put(o, "postal_code", r.postal_code);
  put(o, "grade", r.grade);
  put(o, "region", r.region);
  if (!r.skills.empty()) o.emplace("skills", json::value_from(r.skills));
  if (!r.seniority.empty()) o.emplace("seniority", json::value_from(r.seniority));
  if (r.sticky) o.emplace("sticky", true);
  if (r.hot) o.emplace("hot", true);
  put(o, "credit_to", r.credit_to.view());
  put(o, "credit_pool", r.credit_pool);
  put(o, "credit_pick", r.credit_pick);
  return o;
}

Result<OwnerRequest> owner_request_from_json(const json::object& o) {
  OwnerRequest r;
  r.key = text(o, "key");
  r.person = PersonId(text(o, "person"));
  r.pool = text(o, "pool");
  r.rule = text(o, "rule");
  r.preferred = RepId(text(o, "preferred"));
  r.excluded = texts<RepId>(o, "excluded");
  r.language = text(o, "language");
  r.country = text(o, "country");
  r.postal_code = text(o, "postal_code");
  r.grade = text(o, "grade");
  r.region = text(o, "region");
  r.skills = texts(o, "skills");
  r.seniority = texts(o, "seniority");
  r.sticky = boolean(o, "sticky");
  r.hot = boolean(o, "hot");
  r.score_mass = integer(o, "mass");
  r.tie_break = LeadId(text(o, "tie"));
  r.credit_to = RepId(text(o, "credit_to"));
  r.credit_pool = text(o, "credit_pool");
  r.credit_pick = text(o, "credit_pick");
  if (r.key.empty() || r.person.empty())
    return error(Errc::kInvalidInput, "an owner request has no key or person");
  return r;
}

json::object to_json(const PoolUpdate& n) {
  json::object o{{"key", n.key}, {"person", n.person.view()}};
  if (!n.reps.empty()) o.emplace("reps", texts_of(n.reps));
  put(o, "pool", n.pool);
  put(o, "accepted_by", n.accepted_by.view());
  put(o, "credit_to", n.credit_to.view());
  put(o, "credit_pick", n.credit_pick);
  put(o, "credit_why", n.credit_why);
  return o;
}

Result<PoolUpdate> pool_note_from_json(const json::object& o) {
  PoolUpdate n;
  n.key = text(o, "key");
  n.person = PersonId(text(o, "person"));
  n.reps = texts<RepId>(o, "reps");
  n.credit_to = RepId(text(o, "credit_to"));
  n.pool = text(o, "pool");
  n.accepted_by = RepId(text(o, "accepted_by"));
  n.credit_pick = text(o, "credit_pick");
  n.credit_why = text(o, "credit_why");
  if (n.key.empty() || n.person.empty())
    return error(Errc::kInvalidInput, "a pool update has no key or person");
  return n;
}

json::object to_json(const Notice& n) {
  json::object o{{"key", n.key},
                 {"kind", to_string(n.kind)},
                 {"recipient", n.recipient.view()},
                 {"data", n.data}};
  put(o, "clock", n.clock);
  return o;
}

Result<Notice> notice_from_json(const json::object& o) {
  Notice n;
  n.key = text(o, "key");
  n.recipient = RepId(text(o, "recipient"));
  n.clock = text(o, "clock");
  n.data = object_or_empty(o, "data");
  const std::string_view kind = text(o, "kind");
  for (int k = 0; k <= static_cast<int>(NoticeKind::kCorrected); ++k) {
    n.kind = static_cast<NoticeKind>(k);
    if (to_string(n.kind) == kind) return n;
  }
  return error(Errc::kInvalidInput, "a notice is of an unknown kind");
}

json::object to_json(const TaskSyncRequested& t) {
  json::object o{
      {"key", t.key}, {"task", t.task}, {"kind", t.kind}, {"state", t.state}, {"number", t.number}};
  put(o, "owner", t.owner.view());
  return o;
}

Result<TaskSyncRequested> task_from_json(const json::object& o) {
  TaskSyncRequested t;
  t.key = text(o, "key");
  t.task = text(o, "task");
  t.kind = text(o, "kind");
  t.state = text(o, "state");
  t.owner = RepId(text(o, "owner"));
  t.number = static_cast<int>(integer(o, "number"));
  if (t.key.empty() || t.task.empty()) return error(Errc::kInvalidInput, "a task has no key");
  return t;
}

}  // namespace baton
