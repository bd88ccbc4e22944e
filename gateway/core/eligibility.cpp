#include "gateway/core/eligibility.h"

#include <algorithm>

#include "gateway/core/local_day.h"

namespace baton {
namespace {

using Words = std::vector<std::string>;

bool has(const Words& words, std::string_view word) {
  return std::find(words.begin(), words.end(), word) != words.end();
}

// An empty list means any; a value that is not known excludes nobody.
bool admits(const Words& words, std::string_view value) {
  return words.empty() || value.empty() || has(words, value);
}

bool admits_prefix(const Words& prefixes, std::string_view value) {
  if (prefixes.empty() || value.empty()) return true;
  return std::any_of(prefixes.begin(), prefixes.end(),
                     [&](const std::string& p) { return value.substr(0, p.size()) == p; });
}

std::string mismatch(const OwnerRequest& request, const Rep& rep) {
  if (!rep.active) return "inactive";
  if (has(request.excluded, rep.id)) return "had_it";
  if (!admits(rep.languages, request.language)) return "language";
  if (!admits(rep.countries, request.country)) return "country";
  if (!admits_prefix(rep.postal_codes, request.postal_code)) return "postal_code";
  return "";
}

// What a pool asks of its members; an owner from outside the pool need not have it.
std::string unfit(const Pool& pool, const Rep& rep) {
  const bool skilled = std::all_of(pool.needs_skills.begin(), pool.needs_skills.end(),
                                   [&](const std::string& s) { return has(rep.skills, s); });
  if (!skilled) return "skills";
  if (!pool.needs_seniority.empty() && !has(pool.needs_seniority, rep.seniority))
    return "seniority";
  return "";
}

Instant begins(const AbsenceEnd& end, const std::string& zone) {
  if (const auto* at = std::get_if<Instant>(&end)) return *at;
  return start_of_day(std::get<LocalDate>(end).day, zone);
}

// A date is the last day away: the absence ends with it.
Instant ends(const AbsenceEnd& end, const std::string& zone) {
  if (const auto* at = std::get_if<Instant>(&end)) return *at;
  return start_of_day(std::get<LocalDate>(end).day + 1, zone);
}

// The end of the absence `now` is in, also over absences that touch or overlap.
std::optional<Instant> absent_until(const RepContext& context, const Rep& rep) {
  const std::string zone = zone_of(context, rep);
  std::optional<Instant> until;
  bool longer = true;
  while (longer) {
    longer = false;
    const Instant at = until.value_or(context.now);
    for (const auto& absence : context.policy.absences) {
      if (absence.rep != rep.id || at < begins(absence.from, zone) ||
          at >= ends(absence.until, zone))
        continue;
      until = ends(absence.until, zone);
      longer = true;
      break;
    }
  }
  return until;
}

std::optional<Exclusion> closed(const RepContext& context, const Pool& pool, const Rep& rep) {
  if (!pool.respect_hours) return std::nullopt;
  const auto* calendar = context.calendars.find(context.policy.calendar_of(rep));
  if (calendar == nullptr || calendar->is_open(context.now)) return std::nullopt;
  return Exclusion{"outside_hours", calendar->next_open(context.now)};
}

std::optional<Exclusion> over_cap(const RepContext& context, const Rep& rep, const Caps& caps,
                                  const MemberState& state) {
  if (caps.day == 0 && caps.week == 0) return std::nullopt;
  const std::string zone = zone_of(context, rep);
  const std::int32_t today = local_day(context.now, zone);
  const std::int32_t week = week_of(today);
  if (caps.week > 0 && state.week == week && state.in_week >= caps.week)
    return Exclusion{"cap_week", start_of_day(first_day_of_week(week + 1), zone)};
  if (caps.day > 0 && state.day == today && state.in_day >= caps.day)
    return Exclusion{"cap_day", start_of_day(today + 1, zone)};
  return std::nullopt;
}

}  // namespace

std::string zone_of(const RepContext& context, const Rep& rep) {
  const auto* calendar = context.calendars.find(context.policy.calendar_of(rep));
  return calendar != nullptr ? calendar->spec().zone : "UTC";
}

Standing standing(const RepContext& context, const OwnerRequest& request, const Pool& pool,
                  std::string_view id, const PoolMember* member, const MemberState* state) {
  Standing s;
  const Rep* rep = context.policy.rep(id);
  if (rep == nullptr) {
    s.hard = Exclusion{"unknown_rep", {}};
    return s;
  }
  std::string why = mismatch(request, *rep);
  if (why.empty() && member != nullptr) why = unfit(pool, *rep);
  if (!why.empty()) {
    s.hard = Exclusion{std::move(why), {}};
  } else if (const auto until = absent_until(context, *rep)) {
    s.hard = Exclusion{"absent", until};
  }
  if (s.hard) return s;
  s.hours = closed(context, pool, *rep);
  if (member != nullptr && state != nullptr) s.cap = over_cap(context, *rep, member->caps, *state);
  return s;
}

void note_exclusion(Reasons& reasons, const Exclusion& exclusion, const Pool& pool, std::string_view rep) {
  reasons.begin("pool.excluded", "routing.pools.", pool.id).facts({{"rep", rep}, {"why", exclusion.why}});
  if (exclusion.until) reasons.fact("until", *exclusion.until);
}

}  // namespace baton
