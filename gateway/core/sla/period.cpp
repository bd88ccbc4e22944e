#include "gateway/core/sla/period.h"

#include <algorithm>

#include "gateway/core/calendar/local_day.h"

namespace baton {

std::string_view to_string(PeriodMeasure measure) {
  return measure == PeriodMeasure::kVolume ? "volume" : "quality";
}

std::string_view to_string(PeriodState state) {
  switch (state) {
    case PeriodState::kOnPace:
      return "on_pace";
    case PeriodState::kShort:
      return "short";
    case PeriodState::kMet:
      return "kept";
    case PeriodState::kMissed:
      return "broken";
    case PeriodState::kTooFew:
      return "too_few";
  }
  return "";
}

PeriodWindow period_at(const PeriodDefinition& period, const BusinessCalendar& calendar,
                       Instant at) {
  const auto& zone = calendar.spec().zone;
  const auto day = local_day(at, zone);
  if (period.every == PeriodLength::kWeek) {
    const auto week = week_of(day);
    return {start_of_day(first_day_of_week(week), zone),
            start_of_day(first_day_of_week(week + 1), zone)};
  }
  const auto month = month_of(day);
  return {start_of_day(first_day_of_month(month), zone),
          start_of_day(first_day_of_month(month + 1), zone)};
}

std::vector<PeriodCheck> period_checks(const PeriodDefinition& period,
                                       const BusinessCalendar& calendar,
                                       const PeriodWindow& window) {
  std::vector<PeriodCheck> checks;
  const auto total = calendar.between(window.from, window.to);
  for (const int percent : period.warnings) {
    const auto at =
        calendar.add(window.from, {total.ms / 100 * percent + total.ms % 100 * percent / 100});
    if (at && *at < window.to) checks.push_back({percent, *at});
  }
  checks.push_back({100, window.to});
  return checks;
}

int period_percent(const BusinessCalendar& calendar, const PeriodWindow& window, Instant at) {
  const auto total = calendar.between(window.from, window.to);
  const auto over = calendar.between(window.from, std::min(at, window.to));
  return total.ms > 0 ? static_cast<int>(over.ms / std::max<std::int64_t>(total.ms / 100, 1)) : 100;
}

PeriodStanding judge_period(const PeriodDefinition& period, const PeriodCounts& counts,
                            int percent) {
  percent = std::clamp(percent, 0, 100);
  const bool end = percent == 100;
  PeriodStanding standing;
  bool enough = false;
  if (period.measure == PeriodMeasure::kVolume) {
    standing.value = counts.mqls;
    standing.expected = static_cast<std::int64_t>(period.target) * percent / 100;
    enough = standing.value >= standing.expected;
  } else {
    const auto decided = counts.accepted + counts.rejected;
    standing.value = decided > 0 ? counts.accepted * 100 / decided : 0;
    standing.expected = period.target;
    enough = counts.accepted * 100 >= period.target * decided;
    if (decided < std::max(period.least, 1)) {
      standing.state = PeriodState::kTooFew;
      return standing;
    }
  }
  if (end)
    standing.state = enough ? PeriodState::kMet : PeriodState::kMissed;
  else
    standing.state = enough ? PeriodState::kOnPace : PeriodState::kShort;
  return standing;
}

}  // namespace baton
