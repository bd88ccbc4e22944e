#include <algorithm>

#include "gateway/app/admin/admin_backend.h"
#include "gateway/app/documents/receipts.h"
#include "gateway/core/explain/explain_clock.h"

namespace baton {

Result<json::object> AdminBackend::receipts(const LeadId& id, const ListQuery& query) {
  const std::lock_guard lock(mutex_);
  auto person = person_of(id);
  if (!person) return person.error();
  auto records = records_of(*person);
  if (!records) return records.error();
  auto now = store_->now();
  if (!now) return now.error();
  const auto handover = query.filters.find("handover");
  return receipt_chain(
      person->state, *records, id,
      handover == query.filters.end() ? HandoverId() : HandoverId(handover->second),
      runtime_.access.documents->receipt_key(), *now);
}

Result<json::object> AdminBackend::clock_dossier(const LeadId& id, const ClockId& clock,
                                                 std::string_view language) {
  const std::lock_guard lock(mutex_);
  auto person = person_of(id);
  if (!person) return person.error();
  auto records = records_of(*person);
  if (!records) return records.error();
  const auto& clocks = person->state.clocks;
  const auto found = std::find_if(clocks.begin(), clocks.end(),
                                  [&](const ClockInstance& c) { return c.id == clock; });
  if (found == clocks.end()) return error(Errc::kNotFound, "the lead has no such clock now");
  const auto policy = runtime_.configuration.policy.load();
  const auto* rules = policy->rules_of(*found);
  const auto* calendar =
      (rules != nullptr ? *rules->calendars : policy->calendars).find(found->calendar);
  const ClockDossier dossier{
      person->state,
      *found,
      (rules != nullptr ? *rules->sla : *policy->sla).find(found->definition),
      calendar != nullptr ? *calendar : BusinessCalendar::always(),
      *records,
      runtime_.node.clock->now()};
  const std::string lang(language.empty() ? std::string_view(runtime_.node.settings.language)
                                          : language);
  return json::object{{"lead", id.view()},
                      {"clock", clock.view()},
                      {"language", lang},
                      {"text", explain_clock(dossier, telling(lang))}};
}

}  // namespace baton
