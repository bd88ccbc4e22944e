#include "gateway/core/sla/forecast.h"

#include <algorithm>
#include <queue>

#include "gateway/core/calendar/local_day.h"

namespace baton {
namespace {

constexpr std::size_t kEnoughSeen = 5;
constexpr Duration kShortest = minutes(1);  // the shortest plausible call

using Stretch = std::pair<Instant, Instant>;
constexpr Instant kEver{INT64_MIN / 4}, kAfterForecast{INT64_MAX / 4};

Instant begin_of(const AbsenceEnd& end, std::string_view zone) {
  const auto* date = std::get_if<LocalDate>(&end);
  return date != nullptr ? start_of_day(date->day, zone) : std::get<Instant>(end);
}

Instant end_of(const AbsenceEnd& end, std::string_view zone) {
  const auto* date = std::get_if<LocalDate>(&end);
  return date != nullptr ? start_of_day(date->day + 1, zone) : std::get<Instant>(end);
}

// Sorts the absences and joins those that touch.
std::vector<Stretch> joined_stretches(std::vector<Stretch> all) {
  std::sort(all.begin(), all.end());
  std::vector<Stretch> out;
  for (const auto& stretch : all) {
    if (stretch.second <= stretch.first) continue;
    if (!out.empty() && stretch.first <= out.back().second)
      out.back().second = std::max(out.back().second, stretch.second);
    else
      out.push_back(stretch);
  }
  return out;
}

std::vector<Stretch> away(const RepContext& context, const Rep& rep) {
  const auto zone = zone_of(context, rep);
  std::vector<Stretch> all;
  for (const auto& absence : context.policy.absences) {
    if (absence.rep == rep.id)
      all.emplace_back(begin_of(absence.from, zone), end_of(absence.until, zone));
  }
  if (rep.from) all.emplace_back(kEver, start_of_day(rep.from->day, zone));
  if (rep.until) all.emplace_back(start_of_day(rep.until->day + 1, zone), kAfterForecast);
  return joined_stretches(std::move(all));
}

}  // namespace

std::optional<Instant> on_duty(const ForecastRep& rep, Instant start, Duration work) {
  const auto& calendar = rep.calendar != nullptr ? *rep.calendar : BusinessCalendar::always();
  Instant at = start;
  for (const auto& [from, to] : rep.away) {
    if (to <= at) continue;
    if (from > at) {
      const auto done = calendar.add(at, work);
      if (!done || *done <= from) return done;
      work = work - calendar.between(at, from);
    }
    if (to >= kAfterForecast) return std::nullopt;
    at = to;
  }
  return calendar.add(at, work);
}

Forecast forecast(const ForecastPool& pool, Instant now, Instant until) {
  auto queue = pool.queue;
  std::stable_sort(queue.begin(), queue.end(), [](const auto& a, const auto& b) {
    return std::tie(a.due, a.lead) < std::tie(b.due, b.lead);
  });
  Forecast out;
  out.open = static_cast<int>(queue.size());
  const auto handling = std::max(pool.handling, kShortest);
  using Free = std::pair<Instant, std::size_t>;  // when a rep finishes the next lead, and which rep
  std::priority_queue<Free, std::vector<Free>, std::greater<>> next;
  const auto add = [&](std::size_t rep, Instant from) {
    if (const auto done = on_duty(pool.reps[rep], from, handling)) next.emplace(*done, rep);
  };
  for (std::size_t i = 0; i < pool.reps.size(); ++i) add(i, now);
  for (auto& lead : queue) {
    if (lead.due > until) break;
    if (!next.empty()) {
      const auto [done, rep] = next.top();
      next.pop();
      add(rep, done);
      if (done <= lead.due) continue;
      lead.expected = done;
    }
    out.late.push_back(std::move(lead));
  }
  return out;
}

std::vector<ForecastRep> reps_of(const RepContext& context, const Pool& pool) {
  std::vector<ForecastRep> out;
  for (const auto& member : pool.members) {
    const Rep* rep = context.policy.rep(member.rep);
    if (rep == nullptr || !rep->active) continue;
    out.push_back({context.calendars.find(context.policy.calendar_of(*rep)), away(context, *rep)});
  }
  return out;
}

Duration usual_handling(std::vector<Duration> seen, Duration otherwise) {
  if (seen.size() < kEnoughSeen) return otherwise;
  const auto middle = seen.begin() + static_cast<std::ptrdiff_t>(seen.size() / 2);
  std::nth_element(seen.begin(), middle, seen.end());
  return std::max(*middle, kShortest);
}

}  // namespace baton
