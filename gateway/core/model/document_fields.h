#pragma once

#include <optional>
#include <string>
#include <type_traits>
#include <vector>

#include "gateway/core/model/person.h"

namespace baton {

// The part of an event that identifies a person.
struct Personal {
  std::vector<Touch> touches;
  std::string note;
  std::optional<PersonFacts> facts;
};

// Describes the members of a stored struct, once for writing and reading and for both formats. JSON
// uses the names, the packed format the places, counted from one. Add a member only at the end of
// its struct; replace a removed member by `v.gone()`.
template <class V, class T>
void fields(V& v, T& x) {
  using U = std::remove_const_t<T>;
  if constexpr (std::is_same_v<U, Provenance>) {
    v("at", x.at), v("source", x.source), v("touch", x.touch);
  } else if constexpr (std::is_same_v<U, KeptTouch>) {
    v("id", x.id), v("type", x.type), v("intent", x.intent), v("at", x.at), v("asset", x.asset);
    v("page", x.page_group), v("channel", x.channel), v("campaign", x.campaign),
        v("dwell", x.dwell_s);
    v.unless_true("scorable", x.scorable);
  } else if constexpr (std::is_same_v<U, DaySum>) {
    v("day", x.day), v("type", x.type), v("count", x.count);
  } else if constexpr (std::is_same_v<U, ConsentState>) {
    v("purpose", x.purpose), v("channel", x.channel), v("granted", x.granted), v("basis", x.basis);
    v("wording", x.wording), v("source", x.source), v("at", x.at);
  } else if constexpr (std::is_same_v<U, ConsentFact>) {
    v("purpose", x.purpose), v("channel", x.channel), v("granted", x.granted), v("basis", x.basis);
    v("wording", x.wording);
  } else if constexpr (std::is_same_v<U, ClockSegment>) {
    v("from", x.from), v("to", x.to), v("kind", x.kind);
  } else if constexpr (std::is_same_v<U, AlertAnswer>) {
    v("rep", x.rep), v("until", x.until);
  } else if constexpr (std::is_same_v<U, ClockInstance>) {
    v("id", x.id), v("definition", x.definition), v.unless_one("generation", x.generation),
        v("state", x.state);
    v("owner", x.owner), v("team", x.team), v("calendar", x.calendar), v("budget", x.budget);
    v.unless_true("working", x.working_time), v("started", x.started_at), v("due", x.due),
        v("next", x.next), v("level", x.level);
    v("breached", x.breached_at), v("stopped", x.stopped_at), v("stopped_by", x.stopped_by);
    v("late_evidence", x.late_evidence), v("segments", x.segments), v("subject", x.subject),
        v("excused", x.excused);
    v("acknowledged_by", x.acknowledged_by), v("snoozed", x.snoozed_until), v("policy", x.policy),
        v("told", x.notified), v("done", x.done), v("act", x.act_at);
    v("carried", x.carried), v("carried_until", x.carried_until), v("known", x.acknowledgements);
  } else if constexpr (std::is_same_v<U, Handover>) {
    v("id", x.id), v("state", x.state), v("rep", x.rep), v("pool", x.pool), v("hop", x.hop);
    v("offered", x.offered_at), v("delivered", x.delivered_at), v("seen", x.seen_at),
        v("decided", x.decided_at);
    v("reason", x.reason), v("receipt", x.receipt), v("previous", x.previous);
  } else if constexpr (std::is_same_v<U, Task>) {
    v("id", x.id), v("kind", x.kind), v("state", x.state), v("owner", x.owner), v("team", x.team),
        v("step", x.step);
    v("channel", x.channel), v("opened", x.opened_at), v("due", x.due_at), v("closed", x.closed_at),
        v("result", x.result);
    v("told", x.notified);
  } else if constexpr (std::is_same_v<U, ShownTask>) {
    v("id", x.id), v("state", x.state), v("asked", x.asked), v("refs", x.external_ids),
        v("unsure", x.unsure);
  } else if constexpr (std::is_same_v<U, Meeting>) {
    v("id", x.id), v("state", x.state), v("at", x.at), v("booked", x.booked_at), v("rep", x.rep),
        v("source", x.source);
    v("moves", x.moves), v("closed", x.closed_at), v("evidence", x.evidence);
    v("begun", x.begun);
  } else if constexpr (std::is_same_v<U, StageEntry>) {
    v("stage", x.stage), v("at", x.at), v("rule", x.rule), v("implied", x.implied);
  } else if constexpr (std::is_same_v<U, Attempt>) {
    v("at", x.at), v("rep", x.rep), v("channel", x.channel), v("outcome", x.outcome),
        v("evidence", x.evidence);
    v("kind", x.evidence_kind);
  } else if constexpr (std::is_same_v<U, Attribution>) {
    v("channel", x.channel), v("paid", x.paid), v("utm_source", x.utm_source),
        v("utm_medium", x.utm_medium);
    v("utm_campaign", x.utm_campaign), v("utm_term", x.utm_term), v("utm_content", x.utm_content);
    v("referrer", x.referrer), v("landing_page", x.landing_page), v("click_id", x.click_id);
  } else if constexpr (std::is_same_v<U, ScoreSnapshot>) {
    v("fit", x.fit), v("engagement", x.engagement), v("total", x.total), v("grade", x.grade);
    v("disqualified", x.disqualified), v("by", x.disqualified_by), v("at", x.at),
        v("next", x.next_crossing);
    v("policy", x.policy);
  } else if constexpr (std::is_same_v<U, Lead>) {
    v("id", x.id), v.unless_one("cycle", x.cycle), v("stage", x.stage), v("work", x.work),
        v("type", x.type);
    v("opened", x.opened_at), v("trigger", x.trigger_at), v("owner", x.owner), v("pool", x.pool);
    v("rule", x.route_rule), v("hops", x.hops), v("request", x.open_request), v("waits", x.waits);
    v("ask_again", x.ask_again_at), v("told_again", x.notified_again_at),
        v("lapsed", x.excluded_reps);
    v("stages", x.stages), v("handovers", x.handovers), v("attempts", x.attempts), v("ask", x.ask);
    v("reason", x.reason), v("held", x.hold), v("wake", x.revisit_at), v("floor", x.score_floor),
        v("tasks", x.tasks);
    v("meetings", x.meetings), v("contact_basis", x.contact_basis), v("blocked", x.blocked);
    v("draft", x.draft_receipt), v("shown", x.shown);
  } else if constexpr (std::is_same_v<U, CompanyFacts>) {
    v("name", x.name), v("domain", x.domain), v("size", x.size), v("industry", x.industry);
  } else if constexpr (std::is_same_v<U, PersonFacts>) {
    v("email", x.email), v("phone", x.phone), v("first_name", x.first_name),
        v("last_name", x.last_name);
    v("full_name", x.full_name), v("salutation", x.salutation),
        v("academic_title", x.academic_title);
    v("job_title", x.job_title), v("job_level", x.job_level), v("job_function", x.job_function);
    v("language", x.language), v("country", x.country), v("region", x.region), v("city", x.city);
    v("postal_code", x.postal_code), v("company", x.company), v("external_ids", x.external_ids);
  } else if constexpr (std::is_same_v<U, Touch>) {
    v("id", x.id), v("source", x.source), v("type", x.type), v("intent", x.intent), v("at", x.at);
    v("person", x.person), v("consent", x.consent), v("attribution", x.attribution),
        v("asset", x.asset);
    v("page_group", x.page_group), v("dwell_s", x.dwell_s), v("tracking_basis", x.tracking_basis);
    v("message", x.message), v("properties", x.properties);
  } else if constexpr (std::is_same_v<U, Personal>) {
    v("touches", x.touches), v("note", x.note), v("facts", x.facts);
  } else {
    static_assert(std::is_same_v<U, PersonState>);
    v("id", x.id), v("created", x.created_at), v("now", x.last_now), v("profile", x.profile);
    v("provenance", x.provenance), v("claims", x.claims), v("consents", x.consents),
        v("objected", x.objected_at);
    v("first_touch", x.first_touch), v("last_touch", x.last_touch), v("touches", x.touches),
        v("sums", x.sums);
    v("folded", x.archived_touch_hashes), v("feedback", x.feedback), v("score", x.score),
        v("lead", x.lead), v("past", x.past);
    v("clocks", x.clocks), v("generations", x.generations), v("refs", x.external_ids);
    v("account_owner", x.account_owner), v("account_owner_at", x.account_owner_at);
  }
}

}  // namespace baton
