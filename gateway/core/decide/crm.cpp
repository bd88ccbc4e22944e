#include "gateway/core/decide/crm.h"

#include <algorithm>

#include "gateway/core/decide/episode.h"
#include "gateway/core/decide/feedback.h"
#include "gateway/core/decide/owner.h"
#include "gateway/core/decide/profile.h"
#include "gateway/core/model/feedback_form.h"
#include "gateway/core/model/transitions.h"
#include "mapping/json/json.h"

namespace baton {
namespace {

// The rep that a CRM means: by id, otherwise by e-mail address; "" if Baton does not know them.
RepId rep_of(const DecisionContext& s, const Touch& touch) {
  const auto owner = text(touch.properties, "owner");
  RepId by_id(owner);
  if (s.policy.routing->rep(by_id) != nullptr) return by_id;
  const auto* by_email = s.policy.routing->rep_by_email(owner);
  return by_email != nullptr ? by_email->id : RepId();
}

// A stage set in the CRM is feedback only if it is further down the funnel. A stage that Baton
// wrote there returns as an echo, and a step back is refused.
void read_stage(FeedbackForm& f, Stage stage) {
  switch (stage) {
    case Stage::kSal:
      f.kind = FeedbackKind::kAccept;
      return;
    case Stage::kSql:
      f.kind = FeedbackKind::kQualify;
      return;
    case Stage::kNurture:
      f.kind = FeedbackKind::kRecycle;
      break;
    case Stage::kDisqualified:
      f.kind = FeedbackKind::kDisqualify;
      break;
    default:
      f.kind = FeedbackKind::kStage;
      f.stage = to_string(stage);
      return;
  }
  if (f.reason.empty()) f.reason = "other";
}

FeedbackForm form_of(const DecisionContext& s, const Touch& touch, std::string id) {
  FeedbackForm f;
  f.id = std::move(id);
  f.via = "crm:" + touch.source;
  f.rep = rep_of(s, touch).str();
  f.reason = text(touch.properties, "reason");
  f.note = touch.message;
  f.channel = text(touch.properties, "channel");
  f.outcome = text(touch.properties, "outcome");
  f.evidence = text(touch.properties, "evidence");
  f.actor = text(touch.properties, "actor");
  if (f.actor.empty() && !boolean(touch.properties, "human", true)) f.actor = "automatic";
  f.wake_at = parse_rfc3339(text(touch.properties, "wake_at"));
  f.at = clamp(touch.at, s.now);
  switch (touch.type) {
    case TouchType::kCrmAccepted:
      f.kind = FeedbackKind::kAccept;
      break;
    case TouchType::kCrmRejected:
      f.kind = FeedbackKind::kReject;
      break;
    case TouchType::kCrmContacted:
      f.kind = f.outcome.empty() || f.outcome == "reached" ? FeedbackKind::kReached
                                                           : FeedbackKind::kAttempt;
      break;
    case TouchType::kCrmQualified:
      f.kind = FeedbackKind::kQualify;
      break;
    case TouchType::kCrmWon:
      read_stage(f, Stage::kWon);
      break;
    default:
      read_stage(f, Stage::kLost);
      break;
  }
  return f;
}

void note_echo(DecisionContext& s, Stage stage) {
  s.because("crm.echo", {}, {{"stage", to_string(stage)}});
}

// The feedback that a stage in the CRM means; nothing if it changes nothing.
std::optional<FeedbackForm> stage_form(DecisionContext& s, const Touch& touch,
                                       const std::string& id) {
  const auto stage = parse_stage(text(touch.properties, "stage"));
  if (!stage) {
    s.because("crm.stage_unknown");
    return std::nullopt;
  }
  const auto* lead = s.lead();
  const bool owed = lead == nullptr && s.person.lead && owes_reason(s.newest_lead());
  if (owed && !text(touch.properties, "reason").empty()) return form_of(s, touch, id);
  if (!s.person.lead || s.person.lead->stage == *stage) {
    note_echo(s, *stage);
    return std::nullopt;
  }
  const bool leads_on =
      *stage == Stage::kNurture || *stage == Stage::kDisqualified ||
      (lead != nullptr && funnel_rank(*stage) > funnel_rank(lead->stage) && *stage != Stage::kMql);
  if (!leads_on) {
    if (first_time(s, id)) refuse(s, to_string(*stage), "backwards");
    return std::nullopt;
  }
  auto f = form_of(s, touch, id);
  read_stage(f, *stage);
  return f;
}

// Whether all that the CRM adds to a closed lead is the reason that sales owes. The other kinds
// carry their reason themselves.
bool gives_only_reason(DecisionContext& s, const FeedbackForm& form) {
  const bool owed = s.lead() == nullptr && s.person.lead && owes_reason(s.newest_lead());
  return owed && !form.reason.empty() &&
         (form.kind == FeedbackKind::kAccept || form.kind == FeedbackKind::kAttempt ||
          form.kind == FeedbackKind::kReached || form.kind == FeedbackKind::kQualify);
}

// The account's owner is noted without an open lead too; the latest statement wins (F13).
void note_account_owner(DecisionContext& s, const RepId& rep, Instant at) {
  auto& person = s.person;
  if (person.account_owner_at && at < *person.account_owner_at) return;
  if (person.account_owner == rep) return;
  person.account_owner = rep;
  person.account_owner_at = at;
  s.changed();
  s.because("crm.account_owner", {}, {{"rep", rep}});
}

void owner_changed(DecisionContext& s, const Touch& touch, const std::string& id) {
  const auto rep = rep_of(s, touch);
  note_account_owner(s, rep, clamp(touch.at, s.now));
  const auto* lead = s.lead();
  if (rep.empty() || lead == nullptr || lead->stage == Stage::kLead || lead->owner == rep)
    return s.because("crm.owner_unchanged", {}, {{"rep", rep}});
  const bool lapsed = std::find(lead->excluded_reps.begin(), lead->excluded_reps.end(), rep) !=
                      lead->excluded_reps.end();
  const bool stale =
      !lead->handovers.empty() && clamp(touch.at, s.now) <= lead->handovers.back().offered_at;
  if (!first_time(s, id)) return;
  // The CRM may report an earlier assignment of ours late; it must not take the lead back.
  if (lapsed || stale) return refuse(s, "owner", lapsed ? "owner_lapsed" : "stale", {{"rep", rep}});
  s.happened("assignment.by_crm");
  s.because("assignment.by_crm", {}, {{"rep", rep}, {"before", lead->owner}});
  assign(s, rep, "crm");
}

}  // namespace

Activity decide_crm_touch(DecisionContext& s, const Touch& touch) {
  const auto id = touch.source + ":" + touch.id;
  if (touch.type == TouchType::kCrmOwnerChanged) {
    owner_changed(s, touch, id);
    return {};
  }
  auto form =
      touch.type == TouchType::kCrmStageChanged ? stage_form(s, touch, id) : form_of(s, touch, id);
  if (!form) return {};
  if (gives_only_reason(s, *form)) form->kind = FeedbackKind::kReason;
  return decide_feedback(s, to_feedback(std::move(*form)));
}

}  // namespace baton
