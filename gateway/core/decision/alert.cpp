#include "gateway/core/decision/alert.h"

#include <algorithm>
#include <array>

namespace baton {
namespace {

// Lists of reps, and those of a step, which has roles too.
template <class T>
bool has(const std::vector<T>& list, const RepId& value) {
  return std::find(list.begin(), list.end(), value) != list.end();
}

bool leads_the_team(const Policy& policy, const PersonState& person, const RepId& rep) {
  const auto* pool = person.lead ? policy.routing->pool(person.lead->pool) : nullptr;
  if (pool == nullptr) return false;
  const auto* lead = policy.routing->lead_of(pool->team);
  const auto* head = policy.routing->head_of(pool->team);
  return (lead != nullptr && lead->id == rep) || (head != nullptr && head->id == rep);
}

}  // namespace

bool may_answer(const Policy& policy, const PersonState& person, const ClockInstance& clock,
                const RepId& rep) {
  if (rep.empty()) return false;
  const auto* rules = policy.rules_of(clock);
  const auto& sla = rules != nullptr ? *rules->sla : *policy.sla;
  if (rep == clock.owner || rep == sla.marketing || has(clock.notified, rep) ||
      leads_the_team(policy, person, rep))
    return true;
  const auto* definition = sla.find(clock.definition);
  return definition != nullptr &&
         std::any_of(definition->steps.begin(), definition->steps.end(),
                     [&](const ClockStep& step) { return has(step.to, rep); });
}

bool knows(const ClockInstance& clock, const RepId& rep) {
  if (rep.empty()) return false;
  return clock.acknowledged_by == rep ||
         std::any_of(clock.acknowledgements.begin(), clock.acknowledgements.end(),
                     [&](const AlertAnswer& a) { return a.rep == rep; });
}

std::vector<RepId> who_knows(const ClockInstance& clock) {
  std::vector<RepId> out;
  if (!clock.acknowledged_by.empty()) out.push_back(clock.acknowledged_by);
  for (auto it = clock.acknowledgements.rbegin(); it != clock.acknowledgements.rend(); ++it)
    out.push_back(it->rep);
  return out;
}

std::optional<Instant> snoozed_until(const ClockInstance& clock, const RepId& rep) {
  if (clock.acknowledged_by == rep) return clock.snoozed_until;
  for (const auto& answer : clock.acknowledgements) {
    if (answer.rep == rep) return answer.until;
  }
  return std::nullopt;
}

void note_answer(ClockInstance& clock, const RepId& rep, std::optional<Instant> until) {
  std::erase_if(clock.acknowledgements, [&](const AlertAnswer& a) { return a.rep == rep; });
  if (!clock.acknowledged_by.empty() && clock.acknowledged_by != rep)
    clock.acknowledgements.push_back({clock.acknowledged_by, clock.snoozed_until});
  clock.acknowledged_by = rep;
  clock.snoozed_until = until;
}

std::optional<Instant> next_waking(const ClockInstance& clock) {
  auto next = clock.snoozed_until;
  for (const auto& answer : clock.acknowledgements) {
    if (answer.until && (!next || *answer.until < *next)) next = answer.until;
  }
  return next;
}

std::vector<RepId> expire_snoozes(ClockInstance& clock, Instant due) {
  std::vector<RepId> woken;
  const auto ends = [&](const std::optional<Instant>& until) { return until && *until <= due; };
  if (ends(clock.snoozed_until)) {
    woken.push_back(clock.acknowledged_by);
    clock.acknowledged_by.clear();
    clock.snoozed_until.reset();
  }
  for (const auto& answer : clock.acknowledgements) {
    if (ends(answer.until)) woken.push_back(answer.rep);
  }
  std::erase_if(clock.acknowledgements, [&](const AlertAnswer& a) { return ends(a.until); });
  return woken;
}

std::span<const std::string_view> snooze_reasons() {
  static constexpr std::array<std::string_view, 4> kReasons = {"on_it", "customer_later",
                                                               "in_a_meeting", "other_reason"};
  return kReasons;
}

}  // namespace baton
