#include "gateway/core/pool/pool.h"

#include <algorithm>

#include <fmt/format.h>

#include "gateway/core/calendar/local_day.h"
#include "gateway/core/pool/eligibility.h"
#include "gateway/core/pool/pool_credit.h"
#include "gateway/core/pool/pool_parts.h"
#include "gateway/core/pool/stride.h"
#include "mapping/json/json.h"
#include "mapping/json/json_text.h"

namespace baton {
namespace {

struct Candidate {
  const PoolMember* member = nullptr;
  Eligibility standing;
};

// The way in which a rep got a lead, with its name in reasons and its bookkeeping.
enum class By { kOwner, kTurn, kAnyway, kEscalation };

std::string_view to_string(By by) {
  switch (by) {
    case By::kOwner:
      return "preferred";
    case By::kTurn:
      return "turn";
    case By::kAnyway:
      return "route_anyway";
    case By::kEscalation:
      return "escalation";
  }
  return {};
}

class Picker {
 public:
  Picker(PoolState&& state, const OwnerRequest& request, const RoutingPolicy& policy,
         const CalendarSet& calendars, Instant now, RepLoads& loads)
      : next_(std::move(state)),
        loads_(loads),
        request_(request),
        context_{policy, calendars, now},
        pool_(policy.pool(request.pool)) {}

  std::pair<PoolState, Pick> run() {
    if (pool_ == nullptr) {
      say("pool.unknown");
      return finish();
    }
    apply_credit();
    for (auto& [rep, load] : loads_) {
      untake(load, request_.key, request_.tie_break);
      if (rep == request_.credit_to) untake(load, request_.credit_pick, {});
    }
    judge_members();
    take_preferred() || take_turn() || take_anyway() || escalate();
    return finish();
  }

 private:
  Reasons& say(std::string_view code) {
    return pick_.reasons.begin(code, "routing.pools.", request_.pool);
  }

  // After a wrong route, gives the former owner's turn back before a rep is chosen.
  void apply_credit() {
    if (request_.credit_to.empty() ||
        context_.policy.turns_of(request_.credit_pool) != pool_->turns())
      return;
    auto [state, reasons] =
        give_back(std::move(next_),
                  {request_.key, request_.credit_to, request_.credit_pick, "procedural"}, *pool_);
    next_ = std::move(state);
    pick_.reasons.append(reasons);
  }

  Eligibility judge(const RepId& rep, const PoolMember* member) const {
    const auto known = next_.members.find(rep);
    const auto load = loads_.find(rep);
    const RepFacts facts{member, known != next_.members.end() ? &known->second : nullptr,
                         load != loads_.end() ? &load->second : nullptr};
    return standing(context_, request_, *pool_, rep, facts);
  }

  void judge_members() {
    for (const auto& member : pool_->members) all_.push_back({&member, judge(member.rep, &member)});
    for (const auto& c : all_) note_exclusions(c);
  }

  void note_exclusions(const Candidate& c) {
    for (const auto* exclusion : {&c.standing.hard, &c.standing.hours, &c.standing.cap}) {
      if (*exclusion) note_exclusion(pick_.reasons, **exclusion, c.member->rep);
    }
  }

  // The named or previous owner comes before all turns, even from outside the pool.
  bool take_preferred() {
    if (request_.preferred.empty()) return false;
    const auto* member = pool_->member(request_.preferred);
    const Eligibility s = judge(request_.preferred, member);
    const bool over_cap = s.cap && (request_.hot || request_.sticky);
    if (s.hard || (s.hours && !request_.sticky) || (s.cap && !over_cap)) {
      if (member == nullptr) note_preferred_exclusion(s);
      return false;
    }
    if (member != nullptr && pool_->owner_matches_count) {
      auto present = members_where([](const Eligibility& other) { return other.eligible(); });
      if (over_cap) present.push_back(member);
      admit(present);
      take_pass(*member);
    } else {
      ++next_.members[request_.preferred].owned;
    }
    record_choice(request_.preferred, By::kOwner, over_cap);
    return true;
  }

  void note_preferred_exclusion(const Eligibility& s) {
    const auto& exclusion = s.hard ? s.hard : s.hours ? s.hours : s.cap;
    note_exclusion(pick_.reasons, *exclusion, request_.preferred);
  }

  template <class Keep>
  std::vector<const PoolMember*> members_where(Keep keep) const {
    std::vector<const PoolMember*> members;
    for (const auto& c : all_)
      if (keep(c.standing)) members.push_back(c.member);
    return members;
  }

  bool take_turn() {
    const auto free = members_where([](const Eligibility& s) { return s.eligible(); });
    if (!free.empty()) return take_lowest(free, By::kTurn, false);
    if (!request_.hot) return false;
    const auto capped = members_where([](const Eligibility& s) { return !s.hard && !s.hours; });
    return !capped.empty() && take_lowest(capped, By::kTurn, true);
  }

  bool take_anyway() {
    if (pool_->when_nobody != WhenNobody::kRouteAnyway) return false;
    const bool hot = request_.hot;
    auto members = members_where([](const Eligibility& s) { return !s.hard && !s.cap; });
    const bool over_cap = members.empty() && hot;
    if (over_cap) members = members_where([](const Eligibility& s) { return !s.hard; });
    return !members.empty() && take_lowest(members, By::kAnyway, over_cap);
  }

  // Escalates to a rep who distributes the lead: they need no working hours and use no turn.
  bool escalate() {
    if (pool_->when_nobody != WhenNobody::kEscalate) return false;
    for (const auto& rep : escalation_chain(context_.policy, *pool_)) {
      const Eligibility s = judge(rep, nullptr);
      if (s.hard) {
        note_exclusion(pick_.reasons, *s.hard, rep);
        continue;
      }
      ++next_.members[rep].owned;
      record_choice(rep, By::kEscalation, false);
      return true;
    }
    return false;
  }

  bool take_lowest(const std::vector<const PoolMember*>& candidates, By by, bool over_cap) {
    admit(candidates);
    note_passes("pool.candidates", candidates);
    const PoolMember* chosen = lowest(least_loaded(candidates));
    mark_away(candidates);
    next_.reach = std::max(next_.reach, state_of(*chosen).pass);
    take_pass(*chosen);
    record_choice(chosen->rep, by, over_cap);
    return true;
  }

  std::int64_t open_work(const PoolMember& member) const {
    const auto load = loads_.find(member.rep);
    return load != loads_.end() ? static_cast<std::int64_t>(load->second.leads.size()) : 0;
  }

  // For a pool that shares open work: the candidates with the least of it, relative to their
  // weights (requirement F4).
  std::vector<const PoolMember*> least_loaded(std::vector<const PoolMember*> candidates) {
    if (pool_->mode != PoolMode::kLeastLoaded) return candidates;
    const auto lighter = [&](const PoolMember* a, const PoolMember* b) {
      return open_work(*a) * b->weight < open_work(*b) * a->weight;
    };
    const PoolMember* least = *std::min_element(candidates.begin(), candidates.end(), lighter);
    std::string open = "{";
    for (const auto* member : candidates)
      JsonWriter(open).text_key(member->rep.view()).value(open_work(*member));
    say("pool.open_work").fact("open", FactValue::json(open += '}'));
    std::erase_if(candidates, [&](const PoolMember* m) { return lighter(least, m); });
    return candidates;
  }

  std::int64_t turn() const {
    return average_cost(*pool_, next_, cost_of(*pool_, request_.score_mass));
  }

  // New members start level; returning reps catch up a bounded number of turns, once.
  void admit(const std::vector<const PoolMember*>& candidates) {
    const std::int64_t reference = reference_pass(candidates);
    const std::int64_t bound =
        pool_->on_return == OnReturn::kKeepPlace ? 0 : turn() * pool_->catch_up_turns;
    for (const auto* member : candidates) {
      MemberState& m = state_of(*member);
      if (!m.joined) {
        m.joined = true;
        m.pass = reference;
      } else if (m.away) {
        note_return(*member, m, reference, bound);
      }
    }
  }

  void note_return(const PoolMember& member, MemberState& m, std::int64_t reference,
                   std::int64_t bound) {
    const std::int64_t before = m.pass;
    if (pool_->on_return == OnReturn::kCatchUp)
      m.away = false;
    else
      rejoin(m, reference, bound, member.weight);
    if (m.pass == before) return;
    say("pool.returned")
        .facts({{"rep", member.rep},
                {"from", before},
                {"to", m.pass},
                {"catch_up_turns", bound / turn()}});
  }

  // The lowest pass of the candidates who were never away, else the highest that ever was next.
  std::int64_t reference_pass(const std::vector<const PoolMember*>& candidates) const {
    std::optional<std::int64_t> lowest_pass;
    for (const auto* member : candidates) {
      const auto at = next_.members.find(member->rep);
      if (at == next_.members.end() || !at->second.joined || at->second.away) continue;
      lowest_pass = std::min(lowest_pass.value_or(at->second.pass), at->second.pass);
    }
    return lowest_pass.value_or(next_.reach);
  }

  const PoolMember* lowest(const std::vector<const PoolMember*>& candidates) {
    std::vector<const PoolMember*> tied;
    for (const auto* member : candidates) {
      const auto& m = state_of(*member);
      const int order = tied.empty() ? 0
                                     : compare_pass(m, member->weight, state_of(*tied.front()),
                                                    tied.front()->weight);
      if (order < 0) tied.clear();
      if (order <= 0) tied.push_back(member);
    }
    if (tied.size() == 1) return tied.front();
    const auto* chosen = tied[draw(request_, next_, tied.size())];
    note_tie(tied, *chosen);
    return chosen;
  }

  void note_tie(const std::vector<const PoolMember*>& tied, const PoolMember& chosen) {
    std::string reps;
    JsonWriter w(reps);
    w.open('[');
    for (const auto* member : tied) w.value(member->rep.view());
    w.close(']');
    say("pool.tie")
        .facts({{"tied", FactValue::json(reps)}, {"picks", next_.picks}, {"rep", chosen.rep}});
  }

  MemberState& state_of(const PoolMember& member) { return next_.members[member.rep]; }

  void note_passes(std::string_view code, const std::vector<const PoolMember*>& candidates) {
    std::string passes = "{", weights = "{";
    for (const auto* member : candidates) {
      JsonWriter(passes).text_key(member->rep.view()).value(state_of(*member).pass);
      JsonWriter(weights).text_key(member->rep.view()).value(member->weight);
    }
    say(code).facts(
        {{"passes", FactValue::json(passes += '}')}, {"weights", FactValue::json(weights += '}')}});
  }

  // A rep who missed a turn counts as away until they are a candidate again.
  void mark_away(const std::vector<const PoolMember*>& candidates) {
    for (const auto& c : all_) {
      const bool candidate =
          std::find(candidates.begin(), candidates.end(), c.member) != candidates.end();
      const auto at = next_.members.find(c.member->rep);
      if (!candidate && at != next_.members.end()) at->second.away = at->second.joined;
    }
  }

  void take_pass(const PoolMember& member) {
    MemberState& m = state_of(member);
    kept_.cost = cost_of(*pool_, request_.score_mass);
    kept_.mass = std::max<std::int64_t>(0, request_.score_mass);
    advance(m, kept_.cost, member.weight);
    ++m.count;
    m.mass += kept_.mass;
  }

  // Caps count every lead a rep gets, in whichever way.
  void count_windows(MemberState& m, const RepId& rep_id) {
    const Rep* rep = context_.policy.rep(rep_id);
    const std::string zone = rep != nullptr ? zone_of(context_, *rep) : "UTC";
    take(loads_[rep_id], request_.key, request_.tie_break, zone, context_.now);
    const std::int32_t today = local_day(context_.now, zone);
    const std::int32_t week = week_of(today);
    if (m.day != today) m.in_day = 0;
    if (m.week != week) m.in_week = 0;
    m.day = today;
    m.week = week;
    ++m.in_day;
    ++m.in_week;
    kept_.day = today;
  }

  void record_choice(const RepId& rep, By by, bool over_cap) {
    MemberState& m = next_.members[rep];
    count_windows(m, rep);
    m.last_pick = context_.now;
    if (over_cap) {
      ++m.debt;
      say("pool.cap_override").facts({{"rep", rep}, {"debt", m.debt}});
    }
    pick_.rep = rep;
    say("pool.picked")
        .facts({{"rep", rep},
                {"by", to_string(by)},
                {"cost", kept_.cost},
                {"pass", m.pass},
                {"count", m.count}});
  }

  void note_nobody() {
    for (const auto& c : all_) consider_retry(c.standing);
    auto& reason = say("pool.nobody");
    if (pool_ != nullptr) reason.fact("members", all_.size());
    if (pick_.retry_at) reason.fact("retry_at", *pick_.retry_at);
  }

  // A rep is free when their last reason ends. The earliest of all reps counts.
  void consider_retry(const Eligibility& s) {
    std::optional<Instant> free_at;
    for (const auto* exclusion : {&s.hard, &s.hours, &s.cap}) {
      if (!*exclusion) continue;
      if (!(*exclusion)->until) return;
      free_at = std::max(free_at.value_or(*(*exclusion)->until), *(*exclusion)->until);
    }
    if (free_at) pick_.retry_at = std::min(pick_.retry_at.value_or(*free_at), *free_at);
  }

  std::pair<PoolState, Pick> finish() {
    if (pick_.rep.empty()) {
      note_nobody();
      ++next_.nobody;
    } else {
      ++next_.picks;
      if (request_.rule == "catch_all") ++next_.caught;
    }
    kept_.key = request_.key;
    kept_.rep = pick_.rep;
    kept_.retry_at = pick_.retry_at;
    next_.recent.push_back(std::move(kept_));
    if (next_.recent.size() > kKeptPicks) next_.recent.erase(next_.recent.begin());
    return {std::move(next_), std::move(pick_)};
  }

  PoolState next_;
  RepLoads& loads_;
  const OwnerRequest& request_;
  RepContext context_;
  const Pool* pool_;
  std::vector<Candidate> all_;
  Pick pick_;
  KeptPick kept_;
};

}  // namespace

std::pair<PoolState, Pick> pick(PoolState state, const OwnerRequest& request,
                                const RoutingPolicy& policy, const CalendarSet& calendars,
                                Instant now, RepLoads& loads) {
  if (auto answer = kept_answer(state, request)) {
    if (!answer->rep.empty()) record_pick(loads, request, answer->rep, now);
    return {std::move(state), std::move(*answer)};
  }
  return Picker(std::move(state), request, policy, calendars, now, loads).run();
}

std::pair<PoolState, Pick> pick(PoolState state, const OwnerRequest& request,
                                const RoutingPolicy& policy, const CalendarSet& calendars,
                                Instant now) {
  RepLoads unknown;
  return pick(std::move(state), request, policy, calendars, now, unknown);
}

}  // namespace baton
