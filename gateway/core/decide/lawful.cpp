#include "gateway/core/decide/lawful.h"

#include <algorithm>

#include "gateway/core/decision/joined.h"
#include "gateway/core/lifecycle/contact_basis.h"

namespace baton {
namespace {

// Whether a rep is about to call: sales has the lead, or a task is open. From SQL on they talk
// anyway.
bool is_contact_near(const Lead& lead) {
  if (lead.stage == Stage::kMql || lead.stage == Stage::kSal) return true;
  if (lead.stage != Stage::kLead) return false;
  return std::any_of(lead.tasks.begin(), lead.tasks.end(),
                     [](const Task& t) { return is_open(t.state); });
}

void note_basis(DecisionContext& s, const ContactBasis& basis) {
  if (!basis.call.empty()) {
    s.sink.reasons.begin("contact.allowed", "lifecycle.contact")
        .facts({{"basis", joined({"basis.", basis.call})},
                {"consumer", basis.consumer},
                {"fact", FactValue::if_said(basis.fact)},
                {"since", FactValue::if_said(basis.since.ms != 0, basis.since)}});
    return;
  }
  const auto channels = basis.channels();
  s.because("contact.blocked", "lifecycle.contact",
            {{"why", joined({"blocked.", basis.why})},
             {"channels", FactValue::json(channels)},
             {"consumer", basis.consumer}});
}

constexpr std::string_view kBlocked = "blocked_by_law:";

// Whether the lead's block matches this basis.
bool says(std::string_view blocked, const ContactBasis& basis) {
  if (!basis.call.empty()) return blocked.empty();
  return blocked.starts_with(kBlocked) && blocked.substr(kBlocked.size()) == basis.why;
}

}  // namespace

// N15: decided as of now, and again with each new fact.
void reassess_contact(DecisionContext& s) {
  auto& lead = s.open_lead();
  if (!is_contact_near(lead)) {
    if (lead.stage != Stage::kLead)
      lead.contact_basis = contact_basis(s.person, s.policy.lifecycle->work.contact, s.now).call;
    if (!lead.blocked.empty()) {
      lead.blocked.clear();
      s.clocks.resume(PauseCondition::kBlockedByLaw, s.now);
    }
    return;
  }
  const auto basis = contact_basis(s.person, s.policy.lifecycle->work.contact, s.now);
  const bool was_blocked = !lead.blocked.empty();
  const bool changed = !says(lead.blocked, basis) || basis.call != lead.contact_basis;
  if (changed) {
    lead.contact_basis = basis.call;
    lead.blocked = basis.call.empty() ? joined({kBlocked, basis.why}) : std::string();
    s.happened(lead.blocked.empty() ? "contact.allowed" : "contact.blocked");
    note_basis(s, basis);
  }
  if (!lead.blocked.empty()) return s.clocks.pause(PauseCondition::kBlockedByLaw, s.now);
  if (was_blocked) s.clocks.resume(PauseCondition::kBlockedByLaw, s.now);
}

}  // namespace baton
