#include "gateway/core/decide/owner.h"

#include <algorithm>

#include "gateway/core/decide/episode.h"
#include "gateway/core/decide/pool.h"
#include "gateway/core/decide/receipt.h"
#include "gateway/core/decision/joined.h"
#include "gateway/core/decision/lead_team.h"
#include "gateway/core/routing/route.h"
#include "mapping/json/json.h"

namespace baton {
namespace {

// The wait after an answer without an owner if the pool does not know when a rep will be free.
constexpr Duration kAskAgain = minutes(15);
constexpr std::string_view kByMeeting = "meeting";

// The owner of the newest earlier episode that had one, and the days since.
void add_previous_owner(RouteInput& in, const PersonState& person, Instant now) {
  for (auto lead = person.past.rbegin(); lead != person.past.rend(); ++lead) {
    if (lead->owner.empty()) continue;
    in.previous_owner = lead->owner.str();
    const Instant left = lead->stages.empty() ? lead->opened_at : lead->stages.back().at;
    in.previous_owner_days =
        static_cast<int>(std::max<std::int64_t>(0, (now - left).ms) / days(1).ms);
    return;
  }
}

// The contact's owner in the CRM, otherwise the owner of the account in the policy.
RepId account_owner(const RoutingPolicy& policy, const PersonState& person) {
  const Rep* told = policy.rep(person.account_owner);
  if (told != nullptr && told->active) return told->id;
  return policy.account_owner(person.profile.company.domain);
}

void add_newest_touch(RouteInput& in, const PersonState& person) {
  if (person.touches.empty()) return;
  const auto& newest = person.touches.back();
  in.touch = to_string(newest.type);
  in.source = newest.id.substr(0, newest.id.find(':'));
}

RouteInput route_input(const DecisionContext& s) {
  const auto& person = s.person;
  const auto& p = person.profile;
  const auto& lead = *person.lead;
  RouteInput in;
  add_previous_owner(in, person, s.now);
  add_newest_touch(in, person);
  in.account_owner = account_owner(*s.policy.routing, person).str();
  in.country = p.country;
  in.region = p.region;
  in.postal_code = p.postal_code;
  in.city = p.city;
  in.language = p.language;
  in.grade = person.score.grade;
  in.type = to_string(lead.type);
  in.job_level = p.job_level;
  in.job_function = p.job_function;
  in.company_domain = p.company.domain;
  in.company_size = p.company.size;
  for (auto touch = person.touches.rbegin(); touch != person.touches.rend() && in.asset.empty();
       ++touch)
    in.asset = touch->asset;
  in.campaign = person.last_touch.utm_campaign;
  in.channel = person.last_touch.channel;
  in.hops = static_cast<int>(lead.handovers.size());
  return in;
}

// `picked`: a pool has picked the rep. Otherwise a human, a CRM or a meeting has named them.
void offer(DecisionContext& s, const RepId& rep, bool picked, json::object more = {}) {
  auto& lead = s.newest_lead();
  lead.owner = rep;
  lead.work = WorkStatus::kAssigned;
  lead.ask_again_at.reset();
  Handover handover;
  handover.id = HandoverId(lead.id.str() + "/" + std::to_string(lead.hops));
  handover.state = HandoverState::kOffered;
  handover.rep = rep;
  handover.pool = lead.pool;
  handover.hop = lead.hops;
  handover.offered_at = s.now;
  s.happened("assignment.made");
  s.because("assignment.made", lead.route_rule,
            {{"rep", rep},
             {"pool", FactValue::if_said(picked, lead.pool)},
             {"hop", lead.hops},
             {"host", FactValue::if_said(!picked && lead.route_rule == kByMeeting, true)}});
  s.clocks.follow_owner();
  s.clocks.at_moment(ClockMoment::kAssigned, s.now, handover.id.view());
  s.clocks.at_moment(ClockMoment::kOffered, s.now, handover.id.view(), handover.id.view());
  offer_receipt(s, handover);
  lead.handovers.push_back(std::move(handover));
  s.happened("handover.offered");
  s.push();
  s.notices.send(NoticeKind::kOffer, rep,
                 joined({lead.handovers.back().id.view(), ":offer:", rep.view()}), std::move(more));
}

RepId queue_keeper(const DecisionContext& s, std::string_view pool) {
  const auto* found = s.policy.routing->pool(pool);
  if (found != nullptr && !found->escalate_to.empty()) return found->escalate_to;
  return team_lead_of(s.policy, s.person);
}

// Leaves the lead in the pool's queue, where its team clocks run, and notifies one rep.
void nobody(DecisionContext& s, const OwnerPicked& event) {
  auto& lead = s.newest_lead();
  lead.owner.clear();
  lead.work = WorkStatus::kUnassigned;
  lead.ask_again_at =
      event.retry_at && *event.retry_at > s.now ? *event.retry_at : s.now + kAskAgain;
  s.happened("assignment.nobody");
  s.because("assignment.nobody", {}, {{"pool", lead.pool}, {"ask_again_at", *lead.ask_again_at}});
  if (lead.waits++ > 0) return;
  const auto keeper = queue_keeper(s, lead.pool);
  s.notices.send(NoticeKind::kEscalation, keeper,
                 joined({lead.id.view(), ":nobody:", keeper.view()}), {{"nobody", true}});
}

// Tells the rep who looks after leads that no rule matched, once for each lead.
void tell_keeper(DecisionContext& s) {
  const auto& keeper = s.policy.routing->catch_all_notify;
  const auto& lead = s.newest_lead();
  if (keeper.empty() || lead.hops != 1) return;
  s.notices.send(NoticeKind::kEscalation, keeper,
                 joined({lead.id.view(), ":catch_all:", keeper.view()}), {{"catch_all", true}});
}

OwnerRequest request_for(const DecisionContext& s, const RouteChoice& choice) {
  const auto& lead = s.newest_lead();
  const auto& profile = s.person.profile;
  const auto& excluded = lead.excluded_reps;
  OwnerRequest request;
  request.key = lead.open_request;
  request.person = s.person.id;
  request.pool = choice.pool;
  request.rule = choice.rule;
  request.sticky = choice.sticky;
  if (std::find(excluded.begin(), excluded.end(), choice.preferred_rep) == excluded.end())
    request.preferred = choice.preferred_rep;
  request.excluded = excluded;
  request.language = profile.language;
  request.country = profile.country;
  request.region = profile.region;
  request.postal_code = profile.postal_code;
  request.skills = choice.skills;
  request.seniority = choice.seniority;
  request.grade = s.person.score.grade;
  request.hot = choice.hot;
  request.score_mass = s.person.score.total;
  request.tie_break = lead.id;
  return request;
}

// Gives the rep's turn back if the pool that the lead has left gives credit for a wrong route.
void add_credit(const DecisionContext& s, const std::string& left_pool, const RepId& credit_to,
                OwnerRequest& request) {
  const auto* left = s.policy.routing->pool(left_pool);
  if (left == nullptr || !left->credits("procedural")) return;
  const auto& lead = s.newest_lead();
  request.credit_to = credit_to;
  request.credit_pool = left_pool;
  request.credit_pick = request_key(s.person, lead, lead.handovers.back().hop);
}

}  // namespace

void ask_for_owner(DecisionContext& s, const RepId& credit_to) {
  auto& lead = s.newest_lead();
  const std::string left_pool = lead.pool;
  const auto choice = choose_pool(*s.policy.routing, route_input(s));
  lead.pool = choice.pool;
  lead.route_rule = choice.rule;
  lead.open_request = request_key(s.person, lead, ++lead.hops);
  auto request = request_for(s, choice);
  if (!credit_to.empty()) add_credit(s, left_pool, credit_to, request);
  s.sink.reasons.append(choice.reasons);
  s.happened("owner.requested");
  s.because("owner.requested", lead.route_rule, {{"pool", lead.pool}, {"hop", lead.hops}});
  draft_receipt(s);
  s.clocks.follow_owner();
  s.clocks.at_moment(ClockMoment::kRequested, s.now, request.key);
  s.changed();
  s.sink.effects.emplace_back(std::move(request));
  if (lead.route_rule == "catch_all") tell_keeper(s);
}

bool may_pass_on(const DecisionContext& s) {
  return static_cast<int>(s.newest_lead().handovers.size()) <= s.policy.sla->max_hops;
}

void pass_on(DecisionContext& s, HandoverState end, std::string_view reason,
             const RepId& credit_to) {
  auto& lead = s.newest_lead();
  auto& handover = lead.handovers.back();
  handover.state = end;
  handover.decided_at = s.now;
  handover.reason = reason;
  s.happened(joined({"handover.", to_string(end)}));
  s.because("handover.ended", to_string(Transition::kT7),
            {{"state", to_string(end)}, {"rep", handover.rep}, {"reason", reason}});
  state_receipt(s, handover, s.now);
  if (std::find(lead.excluded_reps.begin(), lead.excluded_reps.end(), handover.rep) ==
      lead.excluded_reps.end())
    lead.excluded_reps.push_back(handover.rep);
  lead.owner.clear();
  lead.work = WorkStatus::kUnassigned;
  lead.hold.reset();
  s.push();
  s.clocks.reassign(s.now);
  ask_for_owner(s, credit_to);
}

void accept_handover(DecisionContext& s, Instant at, bool implied, std::string_view by) {
  auto& lead = s.newest_lead();
  if (auto* handover = s.handover()) {
    at = std::max(at, handover->offered_at);
    handover->state = HandoverState::kAccepted;
    handover->decided_at = at;
    s.happened("handover.accepted");
    s.because("handover.accepted", {}, {{"rep", handover->rep}, {"implied", implied}, {"at", at}});
    state_receipt(s, *handover, at, {.by = by, .implied = implied});
  }
  if (is_in_rework(lead)) {
    lead.hold.reset();
    lead.reason.clear();
    s.clocks.resume(PauseCondition::kRework, s.now);
  }
  const std::string about = lead.handovers.empty() ? std::string() : lead.handovers.back().id.str();
  s.clocks.stop(ClockMoment::kAccepted, at, by, about);
  s.changed();
  s.push();
  if (lead.stage == Stage::kMql && enter(s, Transition::kT6, Stage::kSal, implied))
    s.clocks.start(ClockMoment::kAccepted, at, about);
}

void decide_owner(DecisionContext& s, const OwnerPicked& event) {
  auto* lead = s.lead();
  if (lead == nullptr || event.request.empty() || lead->open_request != event.request) {
    s.because("assignment.stale", {}, {{"rep", event.rep}, {"pool", event.pool}});
    return return_unused(s, event);
  }
  s.changed();
  lead->open_request.clear();
  if (!event.pool.empty()) lead->pool = event.pool;
  s.sink.reasons.append(event.reasons);
  if (event.rep.empty()) return nobody(s, event);
  offer(s, event.rep, true);
}

namespace {

// Ends the open handover because another rep gets the lead.
void supersede(DecisionContext& s, std::string_view by) {
  auto* handover = s.handover();
  if (handover == nullptr) return;
  handover->state = HandoverState::kSuperseded;
  handover->decided_at = s.now;
  s.happened("handover.superseded");
  state_receipt(s, *handover, s.now, {.by = by});
  s.notices.send(NoticeKind::kWithdrawn, handover->rep,
                 joined({handover->id.view(), ":superseded:", handover->rep.view()}));
}

void hand_to(DecisionContext& s, const RepId& rep, std::string_view rule, json::object more = {}) {
  auto& lead = s.newest_lead();
  supersede(s, rule);
  lead.open_request.clear();
  ++lead.hops;
  lead.route_rule = rule;
  s.clocks.reassign(s.now);
  s.changed();
  offer(s, rep, false, std::move(more));
}

}  // namespace

void assign(DecisionContext& s, const RepId& rep, std::string_view rule) { hand_to(s, rep, rule); }

void restore_owner(DecisionContext& s, const RepId& rep, Instant at, std::string_view evidence) {
  std::erase(s.newest_lead().excluded_reps, rep);
  s.happened("assignment.restored");
  s.because("assignment.restored", "sla.evidence",
            {{"rep", rep}, {"before", s.newest_lead().owner}, {"at", at}});
  hand_to(s, rep, "late_evidence", {{"restored", true}});
  accept_handover(s, at, true, evidence);
}

}  // namespace baton
