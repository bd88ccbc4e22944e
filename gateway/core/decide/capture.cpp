#include "gateway/core/decide/capture.h"

namespace baton {
namespace {

// The data has no purpose without a confirmed address. The document keeps the hashes of the claims,
// which find the person again, and the objections until it is erased as a whole.
void forget(PersonState& person) {
  person.profile = {};
  person.provenance.clear();
  person.first_touch = {};
  person.last_touch = {};
  std::erase_if(person.consents, [](const ConsentState& c) { return c.granted; });
  person.lead->ask.clear();
}

const LifecyclePolicy& policy_of(const DecisionContext& s) { return *s.policy.lifecycle; }

}  // namespace

bool awaits_opt_in(const DecisionContext& s) {
  return s.person.lead && s.person.lead->stage == Stage::kCaptured;
}

void capture(DecisionContext& s, const Trigger& trigger) {
  open_episode(s, trigger.at, trigger.intent, Transition::kT1, Stage::kCaptured);
  s.newest_lead().revisit_at = s.now + policy_of(s).work.opt_in.expires_after;
  s.because("opt_in.awaited", "lifecycle.double_opt_in", {{"until", *s.newest_lead().revisit_at}});
}

void confirm(DecisionContext& s, const Trigger& trigger) {
  auto& lead = s.newest_lead();
  if (!enter(s, Transition::kT2, Stage::kLead)) return;
  lead.revisit_at.reset();
  lead.type = std::max(lead.type, trigger.intent);
  s.clocks.at_moment(ClockMoment::kLead, s.now, to_string(Transition::kT2));
}

bool opt_in_due(DecisionContext& s, Instant due) {
  if (!awaits_opt_in(s) || s.person.lead->revisit_at != due) return false;
  s.person.lead->revisit_at.reset();
  if (!enter(s, Transition::kT3, Stage::kErased)) return true;
  s.person.lead->reason = "opt_in_expired";
  s.sink.withhold_push();  // no CRM knows the person
  forget(s.person);
  rescore(s);
  return true;
}

bool cool_down_due(DecisionContext& s, Instant due) {
  auto& lead = s.person.lead;
  if (!lead || lead->stage != Stage::kLost || lead->revisit_at != due) return false;
  s.changed();
  lead->revisit_at.reset();
  if (s.person.objected_at) {
    refuse(s, "nurture", "objected");
  } else {
    enter(s, Transition::kT16, Stage::kNurture);
  }
  return true;
}

}  // namespace baton
