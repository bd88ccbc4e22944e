#include "gateway/core/decide/episode.h"

#include <algorithm>
#include <iterator>
#include <tuple>
#include <utility>

#include "gateway/core/decide/owner.h"
#include "gateway/core/decide/profile.h"
#include "gateway/core/decide/receipt.h"
#include "gateway/core/decide/task.h"
#include "gateway/core/decision/joined.h"
#include "gateway/core/model/transitions.h"

namespace baton {
namespace {

constexpr std::size_t kPastEpisodes = 8;
constexpr std::size_t kScoreLines = 20;

// "base" is left out if decay has not changed the points, "cut" if no cap has.
void note_line(Reasons& reasons, const ScoreLine& line) {
  reasons.add("score.rule", line.rule,
              {{"axis", line.axis},
               {"points", line.points},
               {"base", FactValue::if_said(line.base != line.decayed, line.base)},
               {"cut", FactValue::if_said(line.cut != 0, line.cut)},
               {"touch", FactValue::if_said(line.touch)}});
}

// The grade by the touches after `floor` alone; "" without such touches.
std::string grade_since(const DecisionContext& s, Instant floor) {
  PersonState newer;
  std::copy_if(s.person.touches.begin(), s.person.touches.end(), std::back_inserter(newer.touches),
               [&](const KeptTouch& t) { return t.at > floor; });
  if (newer.touches.empty()) return {};
  newer.profile = s.person.profile;
  newer.objected_at = s.person.objected_at;
  newer.score = s.person.score;
  return score_as_of(newer, *s.policy.scoring, s.now).snapshot.grade;
}

bool reaches(const DecisionContext& s, const std::string& grade) {
  const auto& grades = s.policy.lifecycle->mql_grades;
  return std::binary_search(grades.begin(), grades.end(), grade);
}

bool grade_suffices(const DecisionContext& s) {
  const auto& floor = s.newest_lead().score_floor;
  return reaches(s, s.person.score.grade) && (!floor || is_engaged_since(s, *floor));
}

// The condition of the policy that the trigger meets; "" for none.
std::string_view mql_rule(const DecisionContext& s, const Trigger& trigger) {
  const auto& policy = *s.policy.lifecycle;
  if (!trigger.rule.empty()) return trigger.rule;
  const bool fresh = trigger.at + policy.trigger_max_age >= s.now;
  if (fresh && !trigger.touch.empty() && policy.mql_types[static_cast<std::size_t>(trigger.intent)])
    return "lifecycle.mql.types";
  const auto& lead = s.newest_lead();
  if (lead.stage == Stage::kNurture) {
    const auto left = lead.stages.empty() ? lead.opened_at : lead.stages.back().at;
    // E5: a lead that no rep reached may return sooner if they show interest again.
    const bool in_vain = lead.reason == "attempts_exhausted" && !policy.work.cadence.steps.empty();
    const auto wait =
        in_vain ? std::min(policy.work.cadence.reopen_after, policy.cool_down) : policy.cool_down;
    if (left + wait > s.now || lead.cycle >= policy.max_cycles) return {};
    return !fresh || !grade_suffices(s) ? std::string_view()
           : in_vain                    ? "lifecycle.cadence.reopen"
                                        : "lifecycle.mql.grades";
  }
  return fresh && grade_suffices(s) ? "lifecycle.mql.grades" : std::string_view();
}

// "" if T4 and T17 are allowed.
std::string_view mql_guard(const DecisionContext& s) {
  const auto& policy = *s.policy.lifecycle;
  const bool by_email = policy.contact_by_email && !s.person.profile.email.empty();
  const bool by_phone = policy.contact_by_phone && !s.person.profile.phone.empty();
  if (s.person.objected_at) return "objected";
  if (s.person.score.disqualified) return "disqualified";
  return by_email || by_phone ? std::string_view() : "not_contactable";
}

// Moves the newest episode to the past ones and puts an empty one in its place.
void begin_episode(DecisionContext& s, Instant at, Intent type) {
  auto& person = s.person;
  Lead next;
  if (person.lead) {
    next.cycle = person.lead->cycle + 1;
    next.score_floor = person.lead->score_floor;
    person.past.push_back(std::move(*person.lead));
    if (person.past.size() > kPastEpisodes) person.past.erase(person.past.begin());
  }
  next.id = LeadId(person.id.str() + "." + std::to_string(next.cycle));
  next.type = type;
  next.opened_at = at;
  person.clocks.clear();
  person.lead = std::move(next);
  s.happened("episode.opened");
}

void stamp(DecisionContext& s, Stage to, Transition transition, bool implied) {
  const auto rule = to_string(transition);
  auto& lead = s.newest_lead();
  lead.stage = to;
  lead.stages.push_back({to, s.now, std::string(rule), implied});
  s.happened(joined({"stage.entered.", to_string(to)}));
  s.because("stage.entered", rule,
            {{"stage", to_string(to)}, {"implied", implied}, {"cycle", lead.cycle}});
  s.push();
  s.changed();
}

}  // namespace

bool is_engaged_since(const DecisionContext& s, Instant floor) {
  return reaches(s, grade_since(s, floor));
}

bool rescore(DecisionContext& s) {
  const auto& result = s.score.recompute();
  auto& fresh = s.person.score;
  const auto points = [&] { return std::tuple(fresh.fit, fresh.engagement, fresh.total); };
  const auto points_before = points();
  const auto before = fresh.grade;
  fresh = result.snapshot;
  if (points() == points_before && fresh.grade == before) return false;
  s.happened("score.changed");
  s.because("score.changed", {},
            {{"grade", fresh.grade},
             {"fit", fresh.fit},
             {"engagement", fresh.engagement},
             {"total", fresh.total},
             {"before", FactValue::if_said(before)}});
  const std::size_t most = std::min(result.lines.size(), kScoreLines);
  for (std::size_t i = 0; i < most; ++i) {
    note_line(s.sink.reasons, result.lines[i]);
  }
  if (fresh.disqualified) s.because("score.disqualified", fresh.disqualified_by);
  if (fresh.grade == before) return false;
  s.happened("grade.crossed");
  return true;
}

void open_episode(DecisionContext& s, Instant at, Intent type, Transition transition, Stage first) {
  begin_episode(s, at, type);
  stamp(s, first, transition, false);
  if (first == Stage::kLead) s.clocks.at_moment(ClockMoment::kLead, at, to_string(transition));
}

bool enter(DecisionContext& s, Transition transition, Stage to, bool implied) {
  const auto* allowed = find_stage_change(transition, s.newest_lead().stage);
  if (allowed == nullptr || !is_legal(allowed->from, to)) {
    refuse(s, to_string(to), "no_way");
    return false;
  }
  stamp(s, to, transition, implied);
  return true;
}

void imply_until(DecisionContext& s, Stage to) {
  auto& lead = s.newest_lead();
  for (const auto* step = next_step_down(lead.stage);
       step != nullptr && funnel_rank(step->to) < funnel_rank(to);
       step = next_step_down(lead.stage)) {
    if (step->to == Stage::kSal) {
      accept_handover(s, s.now, true, "implied");
    } else {
      enter(s, step->transition, step->to, true);
    }
  }
}

void refuse(DecisionContext& s, std::string_view wanted, std::string_view why,
            std::initializer_list<Fact> facts) {
  s.happened("stage.refused");
  auto& reason =
      s.sink.reasons.begin("stage.refused").facts(facts).facts({{"wanted", wanted}, {"why", why}});
  if (s.person.lead) reason.fact("stage", to_string(s.person.lead->stage));
}

void consider_mql(DecisionContext& s, const Trigger& trigger) {
  auto* lead = s.person.lead ? &*s.person.lead : nullptr;
  if (lead == nullptr || (lead->stage != Stage::kLead && lead->stage != Stage::kNurture)) return;
  const auto rule = mql_rule(s, trigger);
  if (rule.empty()) return;
  if (const auto guard = mql_guard(s); !guard.empty()) return refuse(s, "mql", guard);
  Trigger found = trigger;
  found.rule = rule;
  hand_over(s, found, lead->stage == Stage::kLead ? Transition::kT4 : Transition::kT17);
}

bool become_mql(DecisionContext& s, const Trigger& trigger, Transition transition) {
  if (transition == Transition::kT17) {
    // The next episode begins as an MQL and is never a lead.
    if (find_stage_change(transition, s.person.lead->stage) == nullptr) return false;
    begin_episode(s, trigger.at, trigger.intent);
    stamp(s, Stage::kMql, transition, false);
  } else if (!enter(s, transition, Stage::kMql)) {
    return false;
  }
  auto& lead = s.newest_lead();
  lead.type = std::max(lead.type, trigger.intent);
  lead.trigger_at = clamp(trigger.at, s.now);
  s.because("mql.because", trigger.rule,
            {{"type", to_string(lead.type)},
             {"grade", s.person.score.grade},
             {"trigger_at", lead.trigger_at},
             {"touch", trigger.touch}});
  return true;
}

bool hand_over(DecisionContext& s, const Trigger& trigger, Transition transition) {
  if (!become_mql(s, trigger, transition)) return false;
  s.clocks.at_moment(ClockMoment::kMql, s.newest_lead().trigger_at, to_string(transition));
  ask_for_owner(s);
  // Clocks of one pool or rule start with the MQL too. The pool is known only now.
  s.clocks.start(ClockMoment::kMql, s.newest_lead().trigger_at);
  return true;
}

bool close_episode(DecisionContext& s, Transition transition, Stage to, std::string_view reason) {
  auto& lead = s.newest_lead();
  if (!enter(s, transition, to)) return false;
  lead.reason = reason;
  lead.hold.reset();
  lead.ask_again_at.reset();
  withdraw_draft(s, reason);
  lead.open_request.clear();
  if (to == Stage::kNurture || to == Stage::kLost) lead.score_floor = s.now;
  if (!lead.handovers.empty() && is_open(lead.handovers.back().state)) {
    auto& handover = lead.handovers.back();
    handover.state = HandoverState::kWithdrawn;
    handover.decided_at = s.now;
    handover.reason = reason;
    s.happened("handover.withdrawn");
    state_receipt(s, handover, s.now);
    s.notices.send(NoticeKind::kWithdrawn, handover.rep,
                   joined({handover.id.view(), ":withdrawn:", handover.rep.view()}));
  }
  if (to == Stage::kLost && s.policy.lifecycle->work.after_lost.ms > 0 &&
      lead.cycle < s.policy.lifecycle->max_cycles)
    lead.revisit_at = s.now + s.policy.lifecycle->work.after_lost;
  drop_work(s, reason);
  s.clocks.stop(ClockMoment::kClosed, s.now, reason);
  s.clocks.cancel_all(reason);
  s.clocks.start(ClockMoment::kClosed, s.now);
  return true;
}

}  // namespace baton
