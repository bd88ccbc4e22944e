#include "gateway/core/decide/decision_context.h"
#include "gateway/core/model/reopen.h"

namespace baton {
namespace {

// Nobody confirmed: what was stored had no purpose. The hashes by which they would be found again
// stay with the document until it is erased as a whole, and so does what they objected to.
void forget(PersonState& person) {
  person.profile = {};
  person.provenance.clear();
  person.first_touch = {};
  person.last_touch = {};
  std::erase_if(person.consents, [](const ConsentState& c) { return c.granted; });
  person.lead->ask.clear();
}

const LifecyclePolicy& policy_of(const DecisionContext& s) { return *s.policy.lifecycle; }

// The catalogue that names why the lead ended as it did.
const ReasonEntry* find_reason(const DecisionContext& s, Stage ended, std::string_view code) {
  if (ended == Stage::kLost) return policy_of(s).lost.find(code);
  if (ended == Stage::kDisqualified) return policy_of(s).disqualify.find(code);
  const auto* rejected = policy_of(s).reject.find(code);
  return rejected != nullptr ? rejected : policy_of(s).recycle.find(code);
}

std::string_view reopen_guard(const DecisionContext& s, const SalesFeedback& f) {
  if (!s.person.lead || s.person.lead->stage != Stage::kDisqualified) return "no_way";
  if (s.person.objected_at) return "objected";
  if (s.policy.routing->rep(f.rep) == nullptr) return "unknown_rep";
  return f.reason.empty() ? "reason_missing" : "";
}

}  // namespace

bool awaits_opt_in(const DecisionContext& s) {
  return s.person.lead && s.person.lead->stage == Stage::kCaptured;
}

void capture(DecisionContext& s, const Trigger& trigger) {
  open_episode(s, trigger.at, trigger.intent, "T1", Stage::kCaptured);
  s.person.lead->revisit_at = s.now + policy_of(s).work.opt_in.expires_after;
  s.because("opt_in.awaited", "lifecycle.double_opt_in", {{"until", *s.person.lead->revisit_at}});
}

void confirm(DecisionContext& s, const Trigger& trigger) {
  auto& lead = *s.person.lead;
  if (!enter(s, "T2", Stage::kLead)) return;
  lead.revisit_at.reset();
  lead.type = std::max(lead.type, trigger.intent);
  at_moment(s, ClockMoment::kLead, s.now, "T2");
}

void opt_in_due(DecisionContext& s, Instant due) {
  if (!awaits_opt_in(s) || s.person.lead->revisit_at != due)
    return s.because("clock.ignored", {}, {{"clock", "opt_in"}});
  s.person.lead->revisit_at.reset();
  if (!enter(s, "T3", Stage::kErased)) return;
  s.person.lead->reason = "opt_in_expired";
  s.push = false;  // no CRM ever heard of it
  forget(s.person);
  rescore(s);
}

void cool_down_due(DecisionContext& s, Instant due) {
  auto& lead = s.person.lead;
  if (!lead || lead->stage != Stage::kLost || lead->revisit_at != due)
    return s.because("clock.ignored", {}, {{"clock", "cool_down"}});
  s.changed();
  lead->revisit_at.reset();
  if (s.person.objected_at) return refuse(s, "nurture", "objected");
  enter(s, "T16", Stage::kNurture);
}

void owe_reason(DecisionContext& s, Instant at) {
  s.person.lead->hold = "reason";
  s.happened("reason.missing");
  s.because("reason.missing", {}, {{"stage", to_string(s.person.lead->stage)}});
  at_moment(s, ClockMoment::kReasonMissing, at, "reason");
}

void decide_reason(DecisionContext& s, const SalesFeedback& f, Instant at) {
  if (!s.person.lead || s.person.lead->hold != "reason")
    return refuse(s, "reason", "no_reason_owed");
  auto& lead = *s.person.lead;
  const auto* entry = find_reason(s, lead.stage, f.reason);
  if (entry == nullptr)
    return refuse(s, "reason", f.reason.empty() ? "reason_missing" : "reason_unknown");
  lead.hold.clear();
  lead.reason = entry->code;
  s.push = true;
  s.happened("reason.given");
  s.out.reasons.begin("reason.given").fact("reason", entry->code).label(entry->label);
  at_moment(s, ClockMoment::kReasonGiven, at, f.id);
}

namespace {

// Somebody else than who asks: whoever answers for the team he asks in, else for the whole.
std::string second_person(const DecisionContext& s, const std::string& asker) {
  const auto& routing = *s.policy.routing;
  const auto* rep = routing.rep(asker);
  const auto* lead = rep != nullptr ? routing.lead_of(rep->team) : nullptr;
  const auto* head = rep != nullptr ? routing.head_of(rep->team) : nullptr;
  for (const auto& one : {s.team_lead(), s.head(), lead != nullptr ? lead->id : "",
                          head != nullptr ? head->id : "", s.policy.sla->marketing}) {
    const auto* found = one.empty() || one == asker ? nullptr : routing.rep(one);
    if (found != nullptr && found->active) return one;
  }
  return {};
}

void ask_second_person(DecisionContext& s, const SalesFeedback& f) {
  auto& lead = *s.person.lead;
  lead.hold = reopen_held({f.rep, f.reason});
  const auto second = second_person(s, f.rep);
  s.happened("reopen.asked");
  s.because("reopen.asked", "T18",
            {{"rep", f.rep}, {"reason", f.reason}, {"second", FactValue::if_said(second)}});
  notify(s, NoticeKind::kTask, second, nullptr, joined({lead.id, ":reopen:", f.id, ":", second}),
         {{"task_kind", "reopen"}, {"asked_by", f.rep}, {"asked_reason", f.reason}});
}

// Whoever wanted it back hears what became of it, a yes as well as a no.
void tell_who_asked(DecisionContext& s, const ReopenAsked& asked, const SalesFeedback& f,
                    std::string_view answer) {
  notify(s, NoticeKind::kTask, asked.by, nullptr,
         joined({s.person.lead->id, ":reopen:", f.id, ":", asked.by}),
         {{"task_kind", answer}, {"answered_by", f.rep}});
}

// The answer of the second person; who asked may take his wish back the same way.
void keep_ruled_out(DecisionContext& s, const SalesFeedback& f,
                    const std::optional<ReopenAsked>& asked) {
  if (!asked) return refuse(s, "lead", "not_asked");
  s.person.lead->hold.clear();
  s.happened("reopen.declined");
  s.because("reopen.declined", "T18", {{"rep", f.rep}, {"asked_by", asked->by}});
  if (asked->by != f.rep) tell_who_asked(s, *asked, f, "stays_out");
}

}  // namespace

// T18: what was ruled out comes back by hand only, and where two people want it.
void decide_reopen(DecisionContext& s, const SalesFeedback& f) {
  if (const auto guard = reopen_guard(s, f); !guard.empty()) return refuse(s, "lead", guard);
  auto& lead = *s.person.lead;
  const auto asked = reopen_asked(lead);
  if (f.outcome == "declined") return keep_ruled_out(s, f, asked);
  if (policy_of(s).work.second_person && (!asked || asked->by == f.rep))
    return asked ? refuse(s, "lead", "second_person") : ask_second_person(s, f);
  const auto by = asked ? asked->by : std::string();
  s.because("reopen.agreed", "T18",
            {{"rep", f.rep}, {"reason", f.reason}, {"asked_by", FactValue::if_said(by)}});
  if (!enter(s, "T18", Stage::kLead)) return;
  lead.hold.clear();
  lead.reason.clear();
  lead.owner.clear();
  lead.work = WorkStatus::kUnassigned;
  at_moment(s, ClockMoment::kLead, s.now, f.id);
  if (asked && asked->by != f.rep) tell_who_asked(s, *asked, f, "comes_back");
}

}  // namespace baton
