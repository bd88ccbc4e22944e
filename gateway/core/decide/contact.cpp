#include "gateway/core/decide/contact.h"

#include <algorithm>
#include <array>

#include "gateway/core/decide/episode.h"
#include "gateway/core/decide/feedback.h"
#include "gateway/core/decide/owner.h"
#include "mapping/json/json.h"

namespace baton {
namespace {

constexpr std::size_t kAttempts = 50;

// Outcomes of machines: no human has tried or has spoken (G25).
bool is_automatic(std::string_view outcome) {
  constexpr std::array<std::string_view, 5> kAutomatic = {"auto_reply", "bounce", "bounced",
                                                          "out_of_office", "sequence"};
  return std::find(kAutomatic.begin(), kAutomatic.end(), outcome) != kAutomatic.end();
}

bool is_human(const ContactFacts& how) {
  return (how.actor.empty() || how.actor == "human") && !is_automatic(how.outcome);
}

// Without a cadence, attempts are only counted.
bool gives_up(const DecisionContext& s, const Lead& lead) {
  if (lead.stage != Stage::kSal || !s.policy.lifecycle->work.cadence.steps.empty()) return false;
  const auto vain = std::count_if(lead.attempts.begin(), lead.attempts.end(),
                                  [](const Attempt& a) { return a.outcome != "reached"; });
  const bool reached = std::any_of(lead.attempts.begin(), lead.attempts.end(),
                                   [](const Attempt& a) { return a.outcome == "reached"; });
  return !reached && vain >= s.policy.lifecycle->max_attempts;
}

const Attempt& note_attempt(DecisionContext& s, const SalesFeedback& f, const Contact& said,
                            Instant at, EvidenceKind kind) {
  auto& lead = s.newest_lead();
  const auto& how = said.how;
  Attempt attempt;
  attempt.at = at;
  attempt.rep = f.rep.empty() ? lead.owner : f.rep;
  attempt.channel = how.channel;
  attempt.outcome = said.reached ? "reached" : how.outcome.empty() ? "no_answer" : how.outcome;
  attempt.evidence = how.evidence.empty() ? "attested:" + f.id : how.evidence;
  attempt.evidence_kind = kind;
  s.happened(attempt.outcome == "reached" ? "attempt.reached" : "attempt.made");
  s.because("attempt.made", {},
            {{"rep", attempt.rep},
             {"channel", attempt.channel},
             {"outcome", attempt.outcome},
             {"at", at},
             {"evidence", to_string(kind)}});
  keep_attempt(lead, std::move(attempt));
  s.push();
  s.changed();
  return lead.attempts.back();
}

// The expired handover whose rep made contact before it expired; nullptr if there is none.
const Handover* lapsed_handover(const Lead& lead, const RepId& rep, Instant at) {
  for (auto h = lead.handovers.rbegin(); h != lead.handovers.rend(); ++h) {
    const bool theirs = rep.empty() || rep == h->rep;
    if (h->state == HandoverState::kExpired && theirs && h->offered_at <= at && h->decided_at &&
        at <= *h->decided_at)
      return &*h;
  }
  return nullptr;
}

// Whether the present owner has accepted the lead or has tried to reach them.
bool has_acted(const Lead& lead, std::size_t attempts_before) {
  if (lead.owner.empty()) return false;
  const auto& now = lead.handovers.back();
  if (!is_open(now.state)) return now.state == HandoverState::kAccepted;
  return std::any_of(lead.attempts.begin(),
                     lead.attempts.begin() + static_cast<std::ptrdiff_t>(attempts_before),
                     [&](const Attempt& a) { return a.rep == now.rep && a.at >= now.offered_at; });
}

}  // namespace

bool from_crm(const SalesFeedback& f) { return f.via.starts_with("crm:"); }

void keep_attempt(Lead& lead, Attempt attempt) {
  if (lead.attempts.size() >= kAttempts) lead.attempts.erase(lead.attempts.begin());
  lead.attempts.push_back(std::move(attempt));
}

std::optional<EvidenceKind> evidence_kind(const DecisionContext& s, const SalesFeedback& f,
                                          const ContactFacts& how) {
  const auto& sla = *s.policy.sla;
  const auto accepted = [](bool accepts, EvidenceKind kind) {
    return accepts ? std::optional(kind) : std::nullopt;
  };
  if (!is_human(how) || !sla.is_human_channel(how.channel)) return std::nullopt;
  if (!how.evidence.empty()) return accepted(sla.accept_external_id, EvidenceKind::kExternalId);
  const bool attests = sla.accept_attested && !from_crm(f) && (!f.rep.empty() || f.via == "api");
  return accepted(attests, EvidenceKind::kAttested);
}

bool contact(DecisionContext& s, const SalesFeedback& f, const Contact& said, Instant at) {
  auto& lead = s.open_lead();
  if (lead.stage == Stage::kLead) {
    refuse(s, "contacted", "not_handed_over");
    return false;
  }
  const auto& how = said.how;
  const auto kind = evidence_kind(s, f, how);
  if (!kind) {
    s.happened("attempt.refused");
    refuse(s, "contacted", is_human(how) ? "no_evidence" : "no_human",
           {{"channel", how.channel}, {"actor", how.actor}, {"outcome", how.outcome}});
    return false;
  }
  // An attested contact counts from when it is reported: a click cannot move it back in time.
  if (kind == EvidenceKind::kAttested) at = s.now;
  const auto& attempt = note_attempt(s, f, said, at, *kind);
  const bool reached = attempt.outcome == "reached";
  const bool waits = how.outcome == "callback" || how.outcome == "waiting_for_lead";
  const std::string evidence = attempt.evidence;
  if (lead.stage == Stage::kMql || s.handover() != nullptr) accept_handover(s, at, true, evidence);
  s.clocks.stop(ClockMoment::kAttempt, at, evidence);
  if (reached) s.clocks.stop(ClockMoment::kReached, at, evidence);
  lead.work = waits     ? WorkStatus::kWaitingForLead
              : reached ? WorkStatus::kConnected
                        : WorkStatus::kAttempting;
  if (waits) {
    s.clocks.pause(PauseCondition::kWaitingForLead, s.now);
    return true;
  }
  s.clocks.resume(PauseCondition::kWaitingForLead, s.now);
  if (gives_up(s, lead)) close_episode(s, Transition::kT11, Stage::kNurture, "attempts_exhausted");
  return true;
}

bool late_contact(DecisionContext& s, const SalesFeedback& f, Instant at) {
  const auto* said = std::get_if<Contact>(&f.says);
  auto* lead = s.lead();
  if (said == nullptr || said->how.evidence.empty() || lead == nullptr ||
      evidence_kind(s, f, said->how) != EvidenceKind::kExternalId)
    return false;
  const auto* found = lapsed_handover(*lead, f.rep, at);
  if (found == nullptr || (!f.rep.empty() && f.rep == lead->owner)) return false;
  const Handover handover = *found;  // a copy: the calls below add handovers
  SalesFeedback told = f;
  told.rep = handover.rep;
  const auto attempts_before = lead->attempts.size();
  const auto& attempt = note_attempt(s, told, *said, at, EvidenceKind::kExternalId);
  const std::string evidence = attempt.evidence;
  const bool reached = attempt.outcome == "reached";
  s.clocks.correct(handover, at);
  s.clocks.stop(ClockMoment::kAttempt, at, evidence, handover.id.view());
  if (reached) s.clocks.stop(ClockMoment::kReached, at, evidence, handover.id.view());
  if (has_acted(*lead, attempts_before)) {
    s.because("assignment.kept", "sla.evidence", {{"rep", lead->owner}, {"before", handover.rep}});
    return true;
  }
  restore_owner(s, handover.rep, at, evidence);
  if (auto* restored = s.lead())
    restored->work = reached ? WorkStatus::kConnected : WorkStatus::kAttempting;
  return true;
}

bool contact_touch(DecisionContext& s, const Touch& touch) {
  const bool mail = touch.type == TouchType::kOutboundEmail;
  Contact said;
  said.reached = touch.type == TouchType::kOutboundCallConnected;
  said.how.channel = mail ? "email" : "phone";
  said.how.outcome = text(touch.properties, "outcome");
  if (said.how.outcome.empty() && mail) said.how.outcome = "sent";
  said.how.actor = text(touch.properties, "actor");
  if (said.how.actor.empty() && !boolean(touch.properties, "human", true))
    said.how.actor = "automatic";
  said.how.evidence = touch.source + ":" + touch.id;
  SalesFeedback f;
  f.id = touch.source + ":" + touch.id + ":contact";
  f.via = "crm:" + touch.source;
  const auto owner = text(touch.properties, "owner");
  const auto* rep = s.policy.routing->rep(RepId(owner));
  if (rep == nullptr) rep = s.policy.routing->rep_by_email(owner);
  if (rep != nullptr) f.rep = rep->id;
  f.at = touch.at;
  f.says = std::move(said);
  if (s.lead() == nullptr || s.lead()->stage == Stage::kLead) return false;
  return decide_feedback(s, f).attempted;
}

}  // namespace baton
