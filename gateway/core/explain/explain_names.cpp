#include "gateway/core/explain/clock_label.h"
#include "gateway/core/explain/explain.h"
#include "gateway/core/lifecycle/lifecycle_policy.h"
#include "gateway/core/policy/policy.h"
#include "gateway/core/routing/routing_policy.h"
#include "gateway/core/sla/sla_policy.h"

namespace baton {
namespace {

const ReasonEntry* reason_of(const LifecyclePolicy& policy, std::string_view code) {
  for (const auto* list : {&policy.reject, &policy.recycle, &policy.disqualify, &policy.lost}) {
    if (const auto* entry = list->find(code)) return entry;
  }
  return nullptr;
}

}  // namespace

NarrationStyle telling_by(std::shared_ptr<const Policy> policy, Language language) {
  NarrationStyle how(language);
  if (const auto* office = policy->calendars.find(policy->sla->calendar))
    how.zone = office->spec().zone;
  how.clock = [policy, language](std::string_view definition) {
    return clock_label(*policy->sla, definition, language);
  };
  how.name = [policy = std::move(policy), language](std::string_view id) {
    const auto name = policy->routing->name_of(id);
    if (name != id) return name;
    if (policy->sla->find(id) != nullptr) return clock_label(*policy->sla, id, language);
    const auto* reason = reason_of(*policy->lifecycle, id);
    if (reason == nullptr) return name;
    return language == Language::kGerman ? reason->label_de : reason->label_en;
  };
  return how;
}

}  // namespace baton
