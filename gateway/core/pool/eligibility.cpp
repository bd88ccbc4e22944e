#include "gateway/core/pool/eligibility.h"

#include <algorithm>
#include <array>

#include <fmt/format.h>

#include "gateway/core/calendar/local_day.h"
#include "gateway/core/routing/route_rules.h"

namespace baton {
namespace {

using Words = std::vector<std::string>;

template <class T, class U>
bool has(const std::vector<T>& words, const U& word) {
  return std::find(words.begin(), words.end(), word) != words.end();
}

// An empty list allows any value. An unknown value excludes no rep.
bool admits(const Words& words, std::string_view value) {
  return words.empty() || value.empty() ||
         std::any_of(words.begin(), words.end(),
                     [&](const std::string& w) { return same_word(w, value); });
}

bool admits_postal(const Rep& rep, const OwnerRequest& request) {
  if (rep.postal_codes.empty() || request.postal_code.empty()) return true;
  return std::any_of(rep.postal_codes.begin(), rep.postal_codes.end(),
                     [&](const std::string& wanted) {
                       return postal_matches(wanted, request.country, request.postal_code);
                     });
}

Exclusion of_rep(std::string_view why, const Rep& rep, std::string_view key) {
  return {std::string(why), fmt::format("routing.reps.{}.{}", rep.id.view(), key)};
}

// Whether the rep is employed on the local day of `now` (requirement F30). Former employees never
// get leads, even if lists still name them.
std::optional<Exclusion> not_employed(const RepContext& context, const Rep& rep) {
  if (!rep.active) return of_rep("inactive", rep, "active");
  if (!rep.from && !rep.until) return std::nullopt;
  const std::string zone = zone_of(context, rep);
  const std::int32_t today = local_day(context.now, zone);
  if (rep.until && today > rep.until->day) return of_rep("left", rep, "until");
  if (!rep.from || today >= rep.from->day) return std::nullopt;
  auto exclusion = of_rep("not_yet", rep, "from");
  exclusion.until = start_of_day(rep.from->day, zone);
  return exclusion;
}

std::optional<Exclusion> mismatch(const OwnerRequest& request, const Pool& pool, const Rep& rep) {
  if (has(request.excluded, rep.id))
    return Exclusion{"had_it", fmt::format("routing.pools.{}", pool.id)};
  if (!admits(rep.languages, request.language)) return of_rep("language", rep, "languages");
  if (!admits(rep.countries, request.country)) return of_rep("country", rep, "countries");
  if (!admits(rep.regions, request.region)) return of_rep("region", rep, "regions");
  if (!admits_postal(rep, request)) return of_rep("postal_code", rep, "postal_codes");
  return std::nullopt;
}

bool skilled(const Rep& rep, const Words& needed) {
  return std::all_of(needed.begin(), needed.end(),
                     [&](const std::string& s) { return has(rep.skills, s); });
}

bool senior(const Rep& rep, const Words& levels) {
  return levels.empty() || has(levels, rep.seniority);
}

// The requirements of the pool, or of the rule that chose it, for members. An owner from outside
// the pool need not meet the pool's.
std::optional<Exclusion> unfit(const OwnerRequest& request, const Pool& pool, const Rep& rep) {
  const auto of_pool = fmt::format("routing.pools.{}.needs", pool.id);
  const auto of_rule = fmt::format("routing.rules.{}", request.rule);
  if (!skilled(rep, pool.needs_skills)) return Exclusion{"skills", of_pool};
  if (!skilled(rep, request.skills)) return Exclusion{"skills", of_rule};
  if (!senior(rep, pool.needs_seniority)) return Exclusion{"seniority", of_pool};
  if (!senior(rep, request.seniority)) return Exclusion{"seniority", of_rule};
  return std::nullopt;
}

Instant begins(const AbsenceEnd& end, const std::string& zone) {
  if (const auto* at = std::get_if<Instant>(&end)) return *at;
  return start_of_day(std::get<LocalDate>(end).day, zone);
}

// A date is the last day of the absence.
Instant ends(const AbsenceEnd& end, const std::string& zone) {
  if (const auto* at = std::get_if<Instant>(&end)) return *at;
  return start_of_day(std::get<LocalDate>(end).day + 1, zone);
}

// The end of the absence that contains `now`, across absences that touch or overlap.
std::optional<Instant> absent_until(const RepContext& context, const Rep& rep) {
  std::optional<Instant> until;
  std::string zone;
  bool longer = true;
  while (longer) {
    longer = false;
    const Instant at = until.value_or(context.now);
    for (const auto& absence : context.policy.absences) {
      if (absence.rep != rep.id) continue;
      if (zone.empty()) zone = zone_of(context, rep);
      if (at < begins(absence.from, zone) || at >= ends(absence.until, zone)) continue;
      until = ends(absence.until, zone);
      longer = true;
      break;
    }
  }
  return until;
}

// On a day off a rep gets leads only if hours are ignored. The calendar contains the regional
// holidays (requirement F12).
std::optional<Exclusion> closed(const RepContext& context, const Pool& pool, const Rep& rep) {
  if (!pool.respect_hours && !pool.workdays_only) return std::nullopt;
  const auto name = context.policy.calendar_of(rep);
  const auto* calendar = context.calendars.find(name);
  if (calendar == nullptr || calendar->is_open(context.now)) return std::nullopt;
  const std::string why = calendar->why_closed(context.now);
  if (pool.workdays_only && why == "outside_hours") return std::nullopt;
  std::string code = why.starts_with("holiday:") ? "holiday"
                     : why == "closed"           ? "day_off"
                                                 : "outside_hours";
  auto until = calendar->next_open(context.now);
  if (until && pool.workdays_only) {
    const auto& zone = calendar->spec().zone;
    until = start_of_day(local_day(*until, zone), zone);
  }
  return Exclusion{std::move(code), fmt::format("calendars.{}", name), until};
}

// One cap: the limit, the rep's count, and when a place becomes free.
struct Limit {
  std::string_view why, key;
  int of_rep = 0, of_member = 0;
  int count = 0;
  std::optional<Instant> until;
};

std::optional<Exclusion> reached(const Limit& limit, const Rep& rep, const Pool& pool) {
  const bool own = limit.of_rep > 0 && (limit.of_member == 0 || limit.of_rep <= limit.of_member);
  const int cap = own ? limit.of_rep : limit.of_member;
  if (cap == 0 || limit.count < cap) return std::nullopt;
  auto rule = own ? fmt::format("routing.reps.{}.cap.{}", rep.id.view(), limit.key)
                  : fmt::format("routing.pools.{}.cap.{}", pool.id, limit.key);
  return Exclusion{std::string(limit.why), std::move(rule), limit.until, limit.count, cap};
}

// Counts the leads of the last 24 hours, and finds when there will be fewer than `cap`.
Limit last_day(const RepContext& context, const RepFacts& facts, Limit limit) {
  if (facts.load == nullptr) return limit;
  std::vector<Instant> times;
  for (const auto& t : facts.load->taken)
    if (t.at + hours(24) > context.now) times.push_back(t.at);
  limit.count = static_cast<int>(times.size());
  const int cap = limit.of_rep > 0 && (limit.of_member == 0 || limit.of_rep <= limit.of_member)
                      ? limit.of_rep
                      : limit.of_member;
  if (cap > 0 && limit.count >= cap)
    limit.until = times[times.size() - static_cast<std::size_t>(cap)] + hours(24);
  return limit;
}

int in_window(std::int32_t now, std::int32_t then, int count) { return now == then ? count : 0; }

// Uses the counts over all pools. Uses the pool's own counters if they are higher, which happens if
// they predate the rep's document.
std::optional<Exclusion> over_cap(const RepContext& context, const Pool& pool, const Rep& rep,
                                  const RepFacts& facts) {
  static const Caps kNone;
  static const RepLoad kNoLoad;
  static const MemberState kNoState;
  const Caps& own = rep.caps;
  const Caps& of = facts.member != nullptr ? facts.member->caps : kNone;
  const RepLoad& load = facts.load != nullptr ? *facts.load : kNoLoad;
  const MemberState& state = facts.state != nullptr ? *facts.state : kNoState;
  const std::string zone = zone_of(context, rep);
  const std::int32_t today = local_day(context.now, zone);
  const std::int32_t week = week_of(today);
  const std::int32_t month = month_of(today);
  const int in_day =
      std::max(in_window(today, load.day, load.in_day), in_window(today, state.day, state.in_day));
  const int in_week = std::max(in_window(week, load.week, load.in_week),
                               in_window(week, state.week, state.in_week));
  const auto start = [&](std::int32_t day) { return std::optional(start_of_day(day, zone)); };
  const std::array limits = {
      Limit{"cap_month",
            "month",
            own.month,
            of.month,
            in_window(month, load.month, load.in_month),
            {}},
      Limit{"cap_week", "week", own.week, of.week, in_week, {}},
      Limit{"cap_day", "day", own.day, of.day, in_day, {}},
      last_day(context, facts, {"cap_24h", "rolling_24h", own.rolling_24h, of.rolling_24h, 0, {}}),
      Limit{"backlog", "untouched", own.untouched, of.untouched, load.untouched(), {}}};
  for (const auto& limit : limits) {
    auto exclusion = reached(limit, rep, pool);
    if (!exclusion) continue;
    if (limit.why == "cap_month") exclusion->until = start(first_day_of_month(month + 1));
    if (limit.why == "cap_week") exclusion->until = start(first_day_of_week(week + 1));
    if (limit.why == "cap_day") exclusion->until = start(today + 1);
    return exclusion;
  }
  return std::nullopt;
}

bool has_cap(const Caps& c) { return c.day + c.week + c.month + c.rolling_24h + c.untouched > 0; }

}  // namespace

std::string zone_of(const RepContext& context, const Rep& rep) {
  const auto* calendar = context.calendars.find(context.policy.calendar_of(rep));
  return calendar != nullptr ? calendar->spec().zone : "UTC";
}

std::optional<Exclusion> misfit(const RepContext& context, const OwnerRequest& request,
                                const Pool& pool, const RepId& id, bool member) {
  const Rep* rep = context.policy.rep(id);
  if (rep == nullptr) return Exclusion{"unknown_rep", fmt::format("routing.reps.{}", id.view())};
  if (auto exclusion = not_employed(context, *rep)) return exclusion;
  if (auto exclusion = mismatch(request, pool, *rep)) return exclusion;
  return member ? unfit(request, pool, *rep) : std::nullopt;
}

Eligibility standing(const RepContext& context, const OwnerRequest& request, const Pool& pool,
                     const RepId& id, const RepFacts& facts) {
  Eligibility s;
  const Rep* rep = context.policy.rep(id);
  s.hard = misfit(context, request, pool, id, facts.member != nullptr);
  if (!s.hard) {
    if (const auto until = absent_until(context, *rep)) {
      s.hard = of_rep("absent", *rep, "absences");
      s.hard->until = until;
    }
  }
  if (s.hard) return s;
  s.hours = closed(context, pool, *rep);
  if (has_cap(rep->caps) || (facts.member != nullptr && has_cap(facts.member->caps)))
    s.cap = over_cap(context, pool, *rep, facts);
  return s;
}

void note_exclusion(Reasons& reasons, const Exclusion& exclusion, const RepId& rep) {
  reasons.begin("pool.excluded", exclusion.rule).facts({{"rep", rep}, {"why", exclusion.why}});
  if (exclusion.cap > 0) reasons.facts({{"count", exclusion.count}, {"cap", exclusion.cap}});
  if (exclusion.until) reasons.fact("until", *exclusion.until);
}

}  // namespace baton
