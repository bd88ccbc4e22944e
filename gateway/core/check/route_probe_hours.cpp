#include "gateway/core/check/route_probe_hours.h"

#include <algorithm>

#include <fmt/format.h>

#include "gateway/core/check/route_probe.h"
#include "gateway/core/pool/eligibility.h"

namespace baton {
namespace {

constexpr int kHours = 28 * 24;

// The calendar of the first clock that a contact stops for this pool's leads: the business time in
// which the pool promises an answer. "" if it is the owner's own calendar, whose hours the owner
// always works.
std::string_view promised(const Policy& policy, const Pool& pool) {
  for (const auto& c : policy.sla->clocks) {
    const auto& pools = c.when.pools;
    if (!c.stops_on_contact() || !c.when.rules.empty() ||
        (!pools.empty() && std::find(pools.begin(), pools.end(), pool.id) == pools.end()))
      continue;
    if (!c.working_time) return "always";
    if (c.calendar == "rep") return {};
    const auto* team = policy.routing->team(pool.team);
    if (c.calendar == "team" && team != nullptr && !team->calendar.empty()) return team->calendar;
    return c.calendar.empty() || c.calendar == "team" || c.calendar == "lead"
               ? std::string_view(policy.sla->calendar)
               : std::string_view(c.calendar);
  }
  return {};
}

bool any_on_duty(const Policy& policy, const Pool& pool, Instant at) {
  const RepContext context{*policy.routing, policy.calendars, at};
  const OwnerRequest anything;
  return std::any_of(pool.members.begin(), pool.members.end(), [&](const PoolMember& m) {
    const auto s = standing(context, anything, pool, m.rep, {&m, nullptr, nullptr});
    return !s.hard && !s.hours;
  });
}

struct Gap {
  int hours = 0, promised = 0;
  Instant first;
};

Gap gap_of(const Policy& policy, const Pool& pool, const BusinessCalendar& calendar, Instant from) {
  Gap gap;
  for (int h = 0; h < kHours; ++h) {
    const Instant at = from + hours(h);
    if (!calendar.is_open(at)) continue;
    ++gap.promised;
    if (any_on_duty(policy, pool, at)) continue;
    if (gap.hours++ == 0) gap.first = at;
  }
  return gap;
}

}  // namespace

void probe_hours(const YamlDocument& yaml, const Policy& policy, Instant now, RouteProbe& probe) {
  const Instant from{now.ms - now.ms % hours(1).ms + hours(1).ms};
  for (const auto& pool : policy.routing->pools) {
    if (pool.when_nobody == WhenNobody::kRouteAnyway) continue;
    const auto name = promised(policy, pool);
    const auto* calendar = name.empty() ? nullptr : policy.calendars.find(name);
    if (calendar == nullptr) continue;
    const Gap gap = gap_of(policy, pool, *calendar, from);
    if (gap.hours == 0) continue;
    warn(yaml, probe, pointer_of(yaml, "pools", "id", pool.id),
         fmt::format("no rep of pool \"{}\" is on duty in {} of the {} hours of the next four "
                     "weeks in which its promise runs (calendar \"{}\"), the first at {}",
                     pool.id, gap.hours, gap.promised, name, to_rfc3339(gap.first)),
         "routing.empty_hours");
  }
}

}  // namespace baton
