#include "gateway/core/pool.h"

#include <algorithm>
#include <charconv>
#include <set>

#include <fmt/format.h>

#include "gateway/core/eligibility.h"
#include "gateway/core/local_day.h"
#include "gateway/core/stride.h"
#include "mapping/json.h"
#include "mapping/json_text.h"

namespace baton {
namespace {

struct Candidate {
  const PoolMember* member = nullptr;
  Standing standing;
};

// How a rep came to a lead, as reasons and bookkeeping name it.
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

// Ties are broken by a hash of the lead, the pool and its count: nobody is ahead by his name, and
// the same log gives the same answer.
std::size_t draw(const OwnerRequest& request, const PoolState& state, std::size_t among) {
  const std::string digest =
      sha256_hex(fmt::format("{}\n{}\n{}", request.tie_break, request.pool, state.picks));
  std::uint64_t number = 0;
  std::from_chars(digest.data(), digest.data() + 16, number, 16);
  return static_cast<std::size_t>(number % among);
}

class Picker {
 public:
  Picker(PoolState&& state, const OwnerRequest& request, const RoutingPolicy& policy,
         const CalendarSet& calendars, Instant now)
      : next_(std::move(state)),
        request_(request),
        context_{policy, calendars, now},
        pool_(policy.pool(request.pool)) {}

  std::pair<PoolState, Pick> run() {
    if (pool_ == nullptr) {
      say("pool.unknown");
      return finish();
    }
    apply_credit();
    judge_members();
    take_preferred() || take_turn() || take_anyway() || escalate();
    return finish();
  }

 private:
  Reasons& say(std::string_view code) {
    return pick_.reasons.begin(code, "routing.pools.", request_.pool);
  }

  // A request that follows a wrong route gives the former owner's turn back before anybody is
  // chosen.
  void apply_credit() {
    if (request_.credit_to.empty() || request_.credit_pool != request_.pool) return;
    auto [state, reasons] =
        give_back(std::move(next_), {request_.key, request_.credit_to, ""}, *pool_);
    next_ = std::move(state);
    pick_.reasons.append(reasons);
  }

  void judge_members() {
    for (const auto& member : pool_->members) {
      const auto known = next_.members.find(member.rep);
      const MemberState* state = known != next_.members.end() ? &known->second : nullptr;
      all_.push_back({&member, standing(context_, request_, *pool_, member.rep, &member, state)});
    }
    for (const auto& c : all_) note_exclusions(c);
  }

  void note_exclusions(const Candidate& c) {
    for (const auto* exclusion : {&c.standing.hard, &c.standing.hours, &c.standing.cap}) {
      if (*exclusion) note_exclusion(pick_.reasons, **exclusion, *pool_, c.member->rep);
    }
  }

  // The named or previous owner goes before all turns, also from outside the pool.
  bool take_preferred() {
    if (request_.preferred.empty()) return false;
    const auto* member = pool_->member(request_.preferred);
    const auto known = next_.members.find(request_.preferred);
    const MemberState* state = known != next_.members.end() ? &known->second : nullptr;
    const Standing s = standing(context_, request_, *pool_, request_.preferred, member, state);
    const bool over_cap = s.cap && request_.hot;
    if (s.hard || s.hours || (s.cap && !over_cap)) {
      if (member == nullptr) note_preferred_exclusion(s);
      return false;
    }
    if (member != nullptr && pool_->owner_matches_count) {
      auto present = members_where([](const Standing& other) { return other.eligible(); });
      if (over_cap) present.push_back(member);
      admit(present);
      take_pass(*member);
    } else {
      ++next_.members[request_.preferred].owned;
    }
    settle(request_.preferred, By::kOwner, over_cap);
    return true;
  }

  void note_preferred_exclusion(const Standing& s) {
    const auto& exclusion = s.hard ? s.hard : s.hours;
    if (exclusion) note_exclusion(pick_.reasons, *exclusion, *pool_, request_.preferred);
  }

  template <class Keep>
  std::vector<const PoolMember*> members_where(Keep keep) const {
    std::vector<const PoolMember*> members;
    for (const auto& c : all_)
      if (keep(c.standing)) members.push_back(c.member);
    return members;
  }

  bool take_turn() {
    const auto free = members_where([](const Standing& s) { return s.eligible(); });
    if (!free.empty()) return take_lowest(free, By::kTurn, false);
    if (!request_.hot) return false;
    const auto capped = members_where([](const Standing& s) { return !s.hard && !s.hours; });
    return !capped.empty() && take_lowest(capped, By::kTurn, true);
  }

  bool take_anyway() {
    if (pool_->when_nobody != WhenNobody::kRouteAnyway) return false;
    const bool hot = request_.hot;
    auto members = members_where([](const Standing& s) { return !s.hard && !s.cap; });
    const bool over_cap = members.empty() && hot;
    if (over_cap) members = members_where([](const Standing& s) { return !s.hard; });
    return !members.empty() && take_lowest(members, By::kAnyway, over_cap);
  }

  // To somebody who hands it out: he needs no working hours and uses up no turn.
  bool escalate() {
    if (pool_->when_nobody != WhenNobody::kEscalate) return false;
    const Rep* lead = context_.policy.lead_of(pool_->team);
    const Rep* head = context_.policy.head_of(pool_->team);
    const std::string chain[] = {pool_->escalate_to, lead != nullptr ? lead->id : "",
                                 head != nullptr ? head->id : ""};
    std::set<std::string> asked;
    for (const auto& rep : chain) {
      if (rep.empty() || !asked.insert(rep).second) continue;
      const Standing s = standing(context_, request_, *pool_, rep, nullptr, nullptr);
      if (s.hard) {
        note_exclusion(pick_.reasons, *s.hard, *pool_, rep);
        continue;
      }
      ++next_.members[rep].owned;
      settle(rep, By::kEscalation, false);
      return true;
    }
    return false;
  }

  bool take_lowest(const std::vector<const PoolMember*>& candidates, By by, bool over_cap) {
    admit(candidates);
    note_passes("pool.candidates", candidates);
    const PoolMember* chosen = lowest(candidates);
    mark_away(candidates);
    next_.reach = std::max(next_.reach, state_of(*chosen).pass);
    take_pass(*chosen);
    settle(chosen->rep, by, over_cap);
    return true;
  }

  std::int64_t turn() const {
    return average_cost(*pool_, next_, cost_of(*pool_, request_.score_mass));
  }

  // Newcomers start level with the others; returners may catch up a bounded number of turns, once.
  void admit(const std::vector<const PoolMember*>& candidates) {
    const std::int64_t reference = reference_pass(candidates);
    const std::int64_t bound = turn() * pool_->catch_up_turns;
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
    rejoin(m, reference, bound, member.weight);
    if (m.pass == before) return;
    say("pool.returned")
        .facts({{"rep", member.rep}, {"from", before}, {"to", m.pass}, {"catch_up_turns", pool_->catch_up_turns}});
  }

  // The lowest pass of those who were there all along; where none was, the highest pass that was
  // ever next in turn.
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
    for (const auto* member : tied) w.value(member->rep);
    w.close(']');
    say("pool.tie").facts({{"tied", FactValue::json(reps)}, {"picks", next_.picks}, {"rep", chosen.rep}});
  }

  MemberState& state_of(const PoolMember& member) { return next_.members[member.rep]; }

  void note_passes(std::string_view code, const std::vector<const PoolMember*>& candidates) {
    std::string passes = "{", weights = "{";
    for (const auto* member : candidates) {
      JsonWriter(passes).text_key(member->rep).value(state_of(*member).pass);
      JsonWriter(weights).text_key(member->rep).value(member->weight);
    }
    say(code).facts({{"passes", FactValue::json(passes += '}')}, {"weights", FactValue::json(weights += '}')}});
  }

  // Everybody whom a turn has passed over is away until he is a candidate again.
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

  // Caps count every lead a rep gets, whichever way it came.
  void count_windows(MemberState& m, const std::string& rep_id) {
    const Rep* rep = context_.policy.rep(rep_id);
    const std::int32_t today =
        local_day(context_.now, rep != nullptr ? zone_of(context_, *rep) : "UTC");
    const std::int32_t week = week_of(today);
    if (m.day != today) m.in_day = 0;
    if (m.week != week) m.in_week = 0;
    m.day = today;
    m.week = week;
    ++m.in_day;
    ++m.in_week;
    kept_.day = today;
  }

  void settle(const std::string& rep, By by, bool over_cap) {
    MemberState& m = next_.members[rep];
    count_windows(m, rep);
    m.last_pick = context_.now;
    if (over_cap) {
      ++m.debt;
      say("pool.cap_override").facts({{"rep", rep}, {"debt", m.debt}});
    }
    pick_.rep = rep;
    say("pool.picked")
        .facts({{"rep", rep}, {"by", to_string(by)}, {"cost", kept_.cost}, {"pass", m.pass}, {"count", m.count}});
  }

  void note_nobody() {
    for (const auto& c : all_) consider_retry(c.standing);
    auto& reason = say("pool.nobody");
    if (pool_ != nullptr) reason.fact("members", all_.size());
    if (pick_.retry_at) reason.fact("retry_at", *pick_.retry_at);
  }

  // Somebody is free when the last of his own reasons ends; the earliest of all reps counts.
  void consider_retry(const Standing& s) {
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
    }
    kept_.key = request_.key;
    kept_.rep = pick_.rep;
    kept_.retry_at = pick_.retry_at;
    next_.recent.push_back(std::move(kept_));
    if (next_.recent.size() > kKeptPicks) next_.recent.erase(next_.recent.begin());
    return {std::move(next_), std::move(pick_)};
  }

  PoolState next_;
  const OwnerRequest& request_;
  RepContext context_;
  const Pool* pool_;
  std::vector<Candidate> all_;
  Pick pick_;
  KeptPick kept_;
};

std::optional<Pick> kept_answer(const PoolState& state, const OwnerRequest& request) {
  const auto at = std::find_if(state.recent.rbegin(), state.recent.rend(),
                               [&](const KeptPick& p) { return p.key == request.key; });
  if (at == state.recent.rend()) return std::nullopt;
  Reasons reasons;
  reasons.begin("pool.repeated", "routing.pools.", request.pool).fact("rep", at->rep);
  return Pick{at->rep, std::move(reasons), true, at->retry_at};
}

}  // namespace

std::pair<PoolState, Pick> pick(PoolState state, const OwnerRequest& request,
                                const RoutingPolicy& policy, const CalendarSet& calendars,
                                Instant now) {
  if (auto answer = kept_answer(state, request)) return {std::move(state), std::move(*answer)};
  return Picker(std::move(state), request, policy, calendars, now).run();
}

}  // namespace baton
