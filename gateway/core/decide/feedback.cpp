#include "gateway/core/decide/feedback.h"

#include <algorithm>

#include "gateway/core/decide/alert_feedback.h"
#include "gateway/core/decide/contact.h"
#include "gateway/core/decide/episode.h"
#include "gateway/core/decide/hold.h"
#include "gateway/core/decide/meeting.h"
#include "gateway/core/decide/owner.h"
#include "gateway/core/decide/pool.h"
#include "gateway/core/decide/profile.h"
#include "gateway/core/decide/receipt.h"
#include "gateway/core/decide/task.h"
#include "gateway/core/decision/joined.h"
#include "gateway/core/decision/lead_team.h"
#include "gateway/core/model/event_codec.h"
#include "gateway/core/model/transitions.h"
#include "mapping/json/json.h"

namespace baton {
namespace {

constexpr std::size_t kFeedbackIds = 64;

void already(DecisionContext& s, const SalesFeedback& f) {
  s.because("feedback.already", {},
            {{"kind", to_string(kind_of(f))}, {"stage", to_string(s.person.lead->stage)}});
}

// The catalogue's entry for the reason. An unknown reason of a CRM counts as "other", and so does a
// missing one, which the CRM then owes. Other feedback without a known reason is refused.
const ReasonEntry* find_reason(DecisionContext& s, const SalesFeedback& f,
                               const ReasonCatalogue& catalogue, std::string_view wanted) {
  const auto code = reason_of(f);
  if (code.empty() && !from_crm(f)) {
    refuse(s, wanted, "reason_missing");
    return nullptr;
  }
  const auto* entry = catalogue.find(code);
  if (entry == nullptr && from_crm(f)) entry = catalogue.find("other");
  if (entry == nullptr) refuse(s, wanted, "reason_unknown");
  return entry;
}

Reasons& note_entry(DecisionContext& s, std::string_view code, std::string_view rule,
                    const ReasonEntry& entry) {
  return s.sink.reasons.begin(code, rule).fact("reason", entry.code).label(entry.label);
}

// Whether a CRM names the reason that a closed lead still owes.
bool gives_owed_reason(DecisionContext& s, const SalesFeedback& f) {
  return s.lead() == nullptr && s.person.lead && owes_reason(s.newest_lead()) &&
         !reason_of(f).empty() && from_crm(f);
}

// "" if there is a lead that the feedback can be about. An ICP answer can bring a lead back from
// nurture.
std::string_view lead_guard(DecisionContext& s, const SalesFeedback& f) {
  const bool comes_back = std::holds_alternative<IcpAnswer>(f.says) && s.person.lead &&
                          s.person.lead->stage == Stage::kNurture;
  return s.lead() == nullptr && !comes_back ? "no_open_lead" : "";
}

// Only the owner may speak for the lead. A CRM has its own rules; tasks and meetings have theirs in
// decide_task() and decide_meeting(). "" if this rep may.
std::string_view who_guard(const Lead& lead, const SalesFeedback& f) {
  const auto kind = kind_of(f);
  if (kind == FeedbackKind::kTask || kind == FeedbackKind::kMeeting) return {};
  if (!f.handover.empty() && (lead.handovers.empty() || lead.handovers.back().id != f.handover))
    return "handover_over";
  if (from_crm(f) || kind == FeedbackKind::kAcknowledge || kind == FeedbackKind::kSnooze) return {};
  if (f.via == "action_page" && f.rep.empty()) return "not_the_owner";
  return !f.rep.empty() && f.rep != lead.owner ? "not_the_owner" : std::string_view();
}

void accept(DecisionContext& s, const SalesFeedback& f, Instant at) {
  auto& lead = s.open_lead();
  if (lead.stage == Stage::kLead) return refuse(s, "sal", "not_handed_over");
  if (lead.owner.empty() && !from_crm(f)) return refuse(s, "sal", "no_owner");
  if (lead.stage != Stage::kMql && s.handover() == nullptr) return already(s, f);
  accept_handover(s, at, false, f.id);
}

void reject_to(DecisionContext& s, const ReasonEntry& entry, const std::string& by) {
  auto& lead = s.open_lead();
  auto* handover = s.handover();
  switch (entry.kind) {
    case RejectKind::kProcedural:
      if (!may_pass_on(s)) {
        const auto keeper = team_lead_of(s.policy, s.person);
        s.notices.send(NoticeKind::kEscalation, keeper,
                       joined({handover->id.view(), ":hops:", keeper.view()}), {{"hops", true}});
        return refuse(s, "mql", "hops_exhausted");
      }
      s.clocks.stop(ClockMoment::kRejected, s.now, by, handover->id.view());
      return pass_on(s, HandoverState::kRejected, entry.code, handover->rep);
    case RejectKind::kClerical:
      lead.hold = Rework{};
      lead.reason = entry.code;
      s.happened("handover.held");
      give_turn_back(s, *handover, "clerical");
      s.clocks.pause(PauseCondition::kRework, s.now);
      s.clocks.at_moment(ClockMoment::kSentBack, s.now, by);
      if (const auto& who = s.policy.sla->marketing; !who.empty()) {
        s.notices.send(NoticeKind::kEscalation, who,
                       joined({handover->id.view(), ":rework:", by, ":", who.view()}),
                       {{"rework", entry.code}});
      }
      return;
    case RejectKind::kDefinitional:
      s.clocks.stop(ClockMoment::kRejected, s.now, by, handover->id.view());
      handover->state = HandoverState::kRejected;
      handover->decided_at = s.now;
      handover->reason = entry.code;
      state_receipt(s, *handover, s.now, {.by = by});
      close_episode(s, Transition::kT9, Stage::kNurture, entry.code);
      return;
  }
}

void reject(DecisionContext& s, const SalesFeedback& f) {
  const auto& lead = s.open_lead();
  if (lead.stage != Stage::kMql || s.handover() == nullptr)
    return refuse(s, "rejected", "not_offered");
  if (is_in_rework(lead)) return refuse(s, "rejected", "held");
  const auto* entry = find_reason(s, f, s.policy.lifecycle->reject, "rejected");
  if (entry == nullptr) return;
  s.push();
  s.happened("handover.rejected");
  note_entry(s, "handover.rejected", "lifecycle.reasons.reject", *entry)
      .facts({{"kind", to_string(entry->kind)}, {"rep", lead.owner}});
  reject_to(s, *entry, f.id);
  if (reason_of(f).empty() && s.lead() == nullptr) owe_reason(s, s.now);
}

// T19: only feedback of a CRM, a purchase under way or a booked meeting may skip stages.
bool may_skip(const DecisionContext& s, const SalesFeedback& f) {
  const auto& lead = s.newest_lead();
  if (lead.stage != Stage::kLead || from_crm(f) || lead.type == Intent::kTransactional) return true;
  return std::any_of(s.person.touches.begin(), s.person.touches.end(), [&](const KeptTouch& t) {
    return t.type == TouchType::kMeetingBooked && t.at >= lead.opened_at;
  });
}

// Returns true if the feedback is evidence of contact too, and an attempt was recorded.
bool qualify(DecisionContext& s, const SalesFeedback& f, const Qualify& said, Instant at) {
  auto& lead = s.open_lead();
  if (funnel_rank(lead.stage) >= funnel_rank(Stage::kSql)) {
    already(s, f);
    return false;
  }
  if (!may_skip(s, f)) {
    refuse(s, "sql", "not_handed_over");
    return false;
  }
  bool attempted = false;
  if (lead.stage != Stage::kLead && evidence_kind(s, f, said.how)) {
    Contact spoken{true, said.how, {}};
    spoken.how.outcome = "reached";
    attempted = contact(s, f, spoken, at);
  }
  imply_until(s, Stage::kSql);
  if (!enter(s, Transition::kT10, Stage::kSql)) return attempted;
  lead.work = WorkStatus::kMeetingBooked;
  s.clocks.at_moment(ClockMoment::kQualified, at, f.id);
  return attempted;
}

void recycle(DecisionContext& s, const SalesFeedback& f, const Recycle& said) {
  auto& lead = s.open_lead();
  if (lead.stage == Stage::kOpportunity) return refuse(s, "nurture", "no_way");
  const auto* entry = find_reason(s, f, s.policy.lifecycle->recycle, "nurture");
  if (entry == nullptr) return;
  note_entry(s, "lead.recycled", "lifecycle.reasons.recycle", *entry);
  if (lead.stage == Stage::kMql) imply_until(s, Stage::kSql);
  const auto way = lead.stage == Stage::kLead  ? Transition::kT5
                   : lead.stage == Stage::kSal ? Transition::kT11
                                               : Transition::kT14;
  if (!close_episode(s, way, Stage::kNurture, entry->code)) return;
  if (said.again_at && *said.again_at > s.now) s.person.lead->revisit_at = said.again_at;
}

void disqualify(DecisionContext& s, const SalesFeedback& f) {
  auto& lead = s.open_lead();
  if (lead.stage == Stage::kOpportunity) return refuse(s, "disqualified", "no_way");
  const auto* entry = find_reason(s, f, s.policy.lifecycle->disqualify, "disqualified");
  if (entry == nullptr) return;
  note_entry(s, "lead.disqualified", "lifecycle.reasons.disqualify", *entry);
  if (lead.stage == Stage::kMql) imply_until(s, Stage::kSql);
  close_episode(s, Transition::kT12, Stage::kDisqualified, entry->code);
}

void deal_stage(DecisionContext& s, const SalesFeedback& f, const DealStage& said) {
  auto& lead = s.open_lead();
  const auto to = parse_stage(said.stage);
  if (!to || funnel_rank(*to) < funnel_rank(Stage::kOpportunity))
    return refuse(s, said.stage, "no_such_stage");
  if (lead.stage == *to) return already(s, f);
  if (!may_skip(s, f)) return refuse(s, said.stage, "not_handed_over");
  if (*to == Stage::kOpportunity) {
    imply_until(s, *to);
    enter(s, Transition::kT13, *to);
    return;
  }
  std::string reason = "won";
  if (*to == Stage::kLost) {
    const auto* entry = find_reason(s, f, s.policy.lifecycle->lost, "lost");
    if (entry == nullptr) return;
    note_entry(s, "lead.lost", "lifecycle.reasons.lost", *entry);
    reason = entry->code;
  }
  imply_until(s, *to);
  if (close_episode(s, Transition::kT15, *to, reason) && *to == Stage::kLost &&
      reason_of(f).empty())
    owe_reason(s, s.now);
}

void icp(DecisionContext& s, const SalesFeedback& f, const IcpAnswer& said) {
  if (!said.fits) return refuse(s, "mql", "no_answer");
  auto& lead = s.newest_lead();
  s.because("icp.answered", {}, {{"fits", *said.fits}});
  if (!*said.fits) {
    const auto to = s.policy.lifecycle->icp_no;
    if (lead.stage != Stage::kLead) return refuse(s, to_string(to), "no_way");
    close_episode(s, to == Stage::kDisqualified ? Transition::kT12 : Transition::kT5, to, "icp");
    return;
  }
  if (lead.stage != Stage::kLead && lead.stage != Stage::kNurture) return already(s, f);
  if (!s.policy.lifecycle->mql_icp) return refuse(s, "mql", "not_in_policy");
  consider_mql(s, Trigger{s.now, lead.type, {}, "lifecycle.mql.icp_confirmed"});
}

void seen(DecisionContext& s, Instant at) {
  auto* handover = s.handover();
  if (handover == nullptr || handover->seen_at) return;
  handover->seen_at = std::max(at, handover->offered_at);
  handover->state = HandoverState::kSeen;
  s.happened("handover.seen");
  state_receipt(s, *handover, *handover->seen_at);
}

// Decides each kind of feedback; returns true if an attempt was recorded.
struct Decider {
  DecisionContext& s;
  const SalesFeedback& f;
  Instant at;

  bool operator()(const Contact& said) const { return contact(s, f, said, at); }
  bool operator()(const Qualify& said) const { return qualify(s, f, said, at); }
  bool operator()(const Accept&) const { return accept(s, f, at), false; }
  bool operator()(const Reject&) const { return reject(s, f), false; }
  bool operator()(const Recycle& said) const { return recycle(s, f, said), false; }
  bool operator()(const Disqualify&) const { return disqualify(s, f), false; }
  bool operator()(const DealStage& said) const { return deal_stage(s, f, said), false; }
  bool operator()(const IcpAnswer& said) const { return icp(s, f, said), false; }
  bool operator()(const Seen&) const { return seen(s, at), false; }
  bool operator()(const Acknowledge& said) const { return acknowledge(s, f, said), false; }
  bool operator()(const Snooze& said) const { return snooze(s, f, said), false; }
  bool operator()(const TaskAnswer& said) const { return decide_task(s, f, said, at), false; }
  bool operator()(const MeetingReport& said) const { return decide_meeting(s, f, said, at), false; }
  // decide_feedback() has decided these.
  bool operator()(const GiveReason&) const { return false; }
  bool operator()(const Reopen&) const { return false; }
};

}  // namespace

bool first_time(DecisionContext& s, const std::string& id) {
  auto& ids = s.person.feedback;
  if (std::find(ids.begin(), ids.end(), id) != ids.end()) {
    s.because("feedback.repeated", {}, {{"id", id}});
    return false;
  }
  ids.push_back(id);
  if (ids.size() > kFeedbackIds) ids.erase(ids.begin());
  s.changed();
  return true;
}

Activity decide_feedback(DecisionContext& s, const SalesFeedback& given) {
  SalesFeedback f = given;
  if (f.id.empty()) f.id = s.event.id;
  if (!first_time(s, f.id)) return {};
  const auto kind = kind_of(f);
  s.because("feedback.received", {}, {{"kind", to_string(kind)}, {"via", f.via}, {"rep", f.rep}});
  if (kind == FeedbackKind::kReason || gives_owed_reason(s, f)) {
    decide_reason(s, f, s.now);
    return {};
  }
  if (const auto* reopen = std::get_if<Reopen>(&f.says)) {
    decide_reopen(s, f, *reopen);
    return {};
  }
  const Instant at = f.at.ms == 0 ? s.now : clamp(f.at, s.now);
  if (const auto guard = lead_guard(s, f); !guard.empty()) {
    refuse(s, to_string(kind), guard);
    return {};
  }
  if (late_contact(s, f, at)) return {.attempted = true};
  if (const auto guard = who_guard(s.newest_lead(), f); !guard.empty()) {
    refuse(s, to_string(kind), guard);
    return {};
  }
  return {.attempted = std::visit(Decider{s, f, at}, f.says)};
}

}  // namespace baton
