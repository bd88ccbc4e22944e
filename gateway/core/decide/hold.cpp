#include "gateway/core/decide/hold.h"

#include "gateway/core/decide/episode.h"
#include "gateway/core/decision/joined.h"
#include "gateway/core/decision/lead_team.h"
#include "gateway/core/model/lead_hold.h"

namespace baton {
namespace {

const LifecyclePolicy& lifecycle_of(const DecisionContext& s) { return *s.policy.lifecycle; }

// The catalogue with the reasons for this end of a lead.
const ReasonEntry* find_ended_reason(const DecisionContext& s, Stage ended, std::string_view code) {
  if (ended == Stage::kLost) return lifecycle_of(s).lost.find(code);
  if (ended == Stage::kDisqualified) return lifecycle_of(s).disqualify.find(code);
  const auto* rejected = lifecycle_of(s).reject.find(code);
  return rejected != nullptr ? rejected : lifecycle_of(s).recycle.find(code);
}

std::string_view reopen_guard(const DecisionContext& s, const SalesFeedback& f,
                              const Reopen& said) {
  if (!s.person.lead || s.person.lead->stage != Stage::kDisqualified) return "no_way";
  if (s.person.objected_at) return "objected";
  if (s.policy.routing->rep(f.rep) == nullptr) return "unknown_rep";
  return said.reason.empty() ? "reason_missing" : "";
}

}  // namespace

void owe_reason(DecisionContext& s, Instant at) {
  s.newest_lead().hold = ReasonOwed{};
  s.happened("reason.missing");
  s.because("reason.missing", {}, {{"stage", to_string(s.newest_lead().stage)}});
  s.clocks.at_moment(ClockMoment::kReasonMissing, at, "reason");
}

void decide_reason(DecisionContext& s, const SalesFeedback& f, Instant at) {
  if (!s.person.lead || !owes_reason(s.newest_lead())) return refuse(s, "reason", "no_reason_owed");
  auto& lead = s.newest_lead();
  const auto* entry = find_ended_reason(s, lead.stage, reason_of(f));
  if (entry == nullptr)
    return refuse(s, "reason", reason_of(f).empty() ? "reason_missing" : "reason_unknown");
  lead.hold.reset();
  lead.reason = entry->code;
  s.push();
  s.happened("reason.given");
  s.sink.reasons.begin("reason.given").fact("reason", entry->code).label(entry->label);
  s.clocks.at_moment(ClockMoment::kReasonGiven, at, f.id);
}

namespace {

// Another rep than the asker: the lead or head of the lead's team, then of the asker's team, then
// marketing.
RepId second_person(const DecisionContext& s, const RepId& asker) {
  const auto& routing = *s.policy.routing;
  const auto* rep = routing.rep(asker);
  const auto* lead = rep != nullptr ? routing.lead_of(rep->team) : nullptr;
  const auto* head = rep != nullptr ? routing.head_of(rep->team) : nullptr;
  for (const auto& one : {team_lead_of(s.policy, s.person), team_head_of(s.policy, s.person),
                          lead != nullptr ? lead->id : RepId(),
                          head != nullptr ? head->id : RepId(), s.policy.sla->marketing}) {
    const auto* found = one.empty() || one == asker ? nullptr : routing.rep(one);
    if (found != nullptr && found->active) return one;
  }
  return {};
}

void ask_second_person(DecisionContext& s, const SalesFeedback& f, const std::string& why) {
  auto& lead = s.newest_lead();
  lead.hold = ReopenAsked{f.rep, why};
  const auto second = second_person(s, f.rep);
  s.happened("reopen.asked");
  s.because("reopen.asked", to_string(Transition::kT18),
            {{"rep", f.rep}, {"reason", why}, {"second", FactValue::if_said(second)}});
  s.notices.send(NoticeKind::kTask, second,
                 joined({lead.id.view(), ":reopen:", f.id, ":", second.view()}),
                 {{"task_kind", "reopen"}, {"asked_by", f.rep.view()}, {"asked_reason", why}});
}

// Tells the rep who asked that the answer was yes or no.
void tell_who_asked(DecisionContext& s, const ReopenAsked& asked, const SalesFeedback& f,
                    std::string_view answer) {
  s.notices.send(NoticeKind::kTask, asked.rep,
                 joined({s.newest_lead().id.view(), ":reopen:", f.id, ":", asked.rep.view()}),
                 {{"task_kind", answer}, {"answered_by", f.rep.view()}});
}

// The second person declines, or the rep who asked takes the request back.
void keep_ruled_out(DecisionContext& s, const SalesFeedback& f,
                    const std::optional<ReopenAsked>& asked) {
  if (!asked) return refuse(s, "lead", "not_asked");
  s.newest_lead().hold.reset();
  s.happened("reopen.declined");
  s.because("reopen.declined", to_string(Transition::kT18),
            {{"rep", f.rep}, {"asked_by", asked->rep}});
  if (asked->rep != f.rep) tell_who_asked(s, *asked, f, "stays_out");
}

}  // namespace

// A disqualified lead comes back only by hand, and only if two people agree.
void decide_reopen(DecisionContext& s, const SalesFeedback& f, const Reopen& said) {
  if (const auto guard = reopen_guard(s, f, said); !guard.empty()) return refuse(s, "lead", guard);
  auto& lead = s.newest_lead();
  const auto asked = reopen_asked(lead);
  if (said.outcome == "declined") return keep_ruled_out(s, f, asked);
  if (lifecycle_of(s).work.second_person && (!asked || asked->rep == f.rep))
    return asked ? refuse(s, "lead", "second_person") : ask_second_person(s, f, said.reason);
  const auto by = asked ? asked->rep : RepId();
  s.because("reopen.agreed", to_string(Transition::kT18),
            {{"rep", f.rep}, {"reason", said.reason}, {"asked_by", FactValue::if_said(by)}});
  if (!enter(s, Transition::kT18, Stage::kLead)) return;
  lead.hold.reset();
  lead.reason.clear();
  lead.owner.clear();
  lead.work = WorkStatus::kUnassigned;
  s.clocks.at_moment(ClockMoment::kLead, s.now, f.id);
  if (asked && asked->rep != f.rep) tell_who_asked(s, *asked, f, "comes_back");
}

}  // namespace baton
