#include "gateway/core/decision/lead_team.h"

namespace baton {

const std::string& team_of(const Policy& policy, const PersonState& person) {
  static const std::string kNone;
  if (!person.lead) return kNone;
  const auto* pool = policy.routing->pool(person.lead->pool);
  return pool != nullptr ? pool->team : kNone;
}

RepId team_lead_of(const Policy& policy, const PersonState& person) {
  const auto* rep = policy.routing->lead_of(team_of(policy, person));
  return rep != nullptr ? rep->id : RepId();
}

RepId team_head_of(const Policy& policy, const PersonState& person) {
  const auto* rep = policy.routing->head_of(team_of(policy, person));
  return rep != nullptr ? rep->id : team_lead_of(policy, person);
}

}  // namespace baton
