#include "gateway/app/delivery/notice_context.h"

#include <algorithm>

#include <fmt/format.h>

#include "gateway/app/views/action_token.h"
#include "gateway/core/decision/alert.h"
#include "gateway/core/explain/clock_label.h"
#include "gateway/core/explain/explain.h"
#include "gateway/core/model/lead_hold.h"
#include "gateway/core/sla/sla_clock.h"
#include "mapping/json/json.h"

namespace baton {
namespace {

Reason best_reason(const json::object& data) {
  Reason reason;
  const auto* found = object(data, "reason");
  if (found == nullptr) return reason;
  reason.code = text(*found, "code");
  reason.rule = text(*found, "rule");
  if (const auto* facts = object(*found, "facts")) reason.facts = *facts;
  return reason;
}

std::string name_of(const RoutingPolicy& routing, const RepId& rep) {
  const Rep* known = routing.rep(rep);
  return known == nullptr || known->name.empty() ? rep.str() : known->name;
}

// Whether the notice is an alert, its clock still runs, and the recipient may answer for it.
bool may_answer_now(const Notice& notice, const PersonState& person, const Policy& policy) {
  const auto id = text(notice.data, "clock_id");
  const bool alert = notice.kind == NoticeKind::kWarning || notice.kind == NoticeKind::kBreach ||
                     notice.kind == NoticeKind::kEscalation;
  if (id.empty() || !alert) return false;
  for (const auto& clock : person.clocks) {
    if (clock.id == id)
      return !is_ended(clock) && may_answer(policy, person, clock, notice.recipient);
  }
  return false;
}

// Adds what may have changed since the notice was written.
void add_current(const Notice& notice, const PersonState& person, const Policy& policy,
                 MessageContext& context) {
  context.clock_runs = [clocks = person.clocks](std::string_view definition) {
    return std::any_of(clocks.begin(), clocks.end(), [&](const ClockInstance& clock) {
      return clock.definition == definition && clock.state == ClockState::kRunning;
    });
  };
  if (!person.lead) return;
  const Lead& lead = *person.lead;
  if (notice.kind == NoticeKind::kOffer) {
    if (const auto* meeting = meeting_of(notice, lead)) context.meeting_at = meeting->at;
  }
  const auto named = text(notice.data, "owner");
  context.passed_on = !named.empty() && lead.owner != named && is_open(lead.stage);
  if (!lead.owner.empty()) context.now_with = name_of(*policy.routing, lead.owner);
  if (context.passed_on) context.owner_name = context.now_with;
  const auto why = lead.handovers.empty() ? std::string() : lead.handovers.back().reason;
  if (const auto* entry = policy.lifecycle->reject.find(why))
    context.reject_reason = entry->label.in(context.texts->tag());
}

}  // namespace

const Meeting* meeting_of(const Notice& offer, const Lead& lead) {
  if (lead.handovers.empty() || boolean(offer.data, "again")) return nullptr;
  const Handover& handover = lead.handovers.back();
  if (handover.state != HandoverState::kAccepted || handover.rep != offer.recipient ||
      handover.id != text(offer.data, "handover"))
    return nullptr;
  const auto found =
      std::find_if(lead.meetings.begin(), lead.meetings.end(), [&](const Meeting& m) {
        return m.state == MeetingState::kBooked && m.rep == offer.recipient;
      });
  return found == lead.meetings.end() ? nullptr : &*found;
}

std::string NoticeContexts::link(const Notice& notice, const LeadId& lead,
                                 const std::string& subject, const Texts& texts) const {
  const ActionClaims claims{lead, subject, notice.recipient, std::string(texts.tag()),
                            node_.clock->now() + node_.settings.link_lifetime};
  return fmt::format("{}/a/{}", node_.settings.public_url, make_action_token(claims, link_key_));
}

void NoticeContexts::add_links(const Notice& notice, const PersonState& person,
                               const Policy& policy, MessageContext& context) const {
  if (!person.lead) return;
  const auto& lead = *person.lead;
  const auto kind = text(notice.data, "task_kind");
  if (kind == "reopen") {
    context.decide_url = link(notice, lead.id, reopen_subject(lead.id), *context.texts);
    return;
  }
  if (kind == "stays_out" || kind == "comes_back") return;
  if (kind == "qualify") {
    context.details_url =
        link(notice, lead.id, std::string(text(notice.data, "task")), *context.texts);
    return;
  }
  if (may_answer_now(notice, person, policy)) {
    const auto page =
        link(notice, lead.id, alert_subject(lead.id, ClockId(text(notice.data, "clock_id"))),
             *context.texts);
    context.known_url = page + "#known";
    context.later_url = page + "#later";
  }
  const std::string handover(text(notice.data, "handover"));
  if (lead.owner != notice.recipient || handover.empty()) return;
  if (is_in_rework(lead) || !is_open(lead.stage)) return;
  const auto page = link(notice, lead.id, handover, *context.texts);
  if (const Handover* open = open_handover(lead); open != nullptr && open->id == handover) {
    context.accept_url = page + "#accept";
    context.reject_url = page + "#reject";
  }
  context.reached_url = page + "#reached";
  context.not_reached_url = page + "#not-reached";
}

MessageContext NoticeContexts::context_of(const Notice& notice, const PersonState& person,
                                          const Policy& policy) const {
  MessageContext context;
  const RoutingPolicy& routing = *policy.routing;
  const auto& all = configuration_.routes.language;
  std::string language = all.empty() ? node_.settings.language : all;
  if (const Rep* rep = routing.rep(notice.recipient)) {
    context.recipient_name = rep->name;
    context.recipient_email = rep->email;
    if (all.empty()) language = rep->message_language;
    if (const auto* calendar = policy.calendars.find(routing.calendar_of(*rep)))
      context.zone = calendar->spec().zone;
  }
  context.texts = policy.texts->of(language);
  if (const Rep* owner = routing.rep(RepId(text(notice.data, "owner"))))
    context.owner_name = owner->name;
  if (const auto asked = text(notice.data, "asked_by"); !asked.empty())
    context.asked_by = name_of(routing, RepId(asked));
  if (const auto answered = text(notice.data, "answered_by"); !answered.empty())
    context.answered_by = name_of(routing, RepId(answered));
  if (const auto team = text(notice.data, "queue"); !team.empty())
    context.queue = routing.name_of(team);
  if (const auto* known = array(notice.data, "known_by")) {
    for (const auto& rep : *known) {
      if (rep.is_string())
        context.known_by += (context.known_by.empty() ? "" : ", ") +
                            name_of(routing, RepId(std::string_view(rep.get_string())));
    }
  }
  // The message names a scoring rule in fewer words than an explanation.
  if (const Reason reason = best_reason(notice.data);
      !reason.code.empty() && reason.code != "score.rule") {
    context.reason = explain_reason(reason, context.texts);
  }
  context.clock_label = [sla = policy.sla, texts = context.texts](std::string_view clock) {
    return clock_label(*sla, clock, *texts);
  };
  add_current(notice, person, policy, context);
  add_links(notice, person, policy, context);
  return context;
}

}  // namespace baton
