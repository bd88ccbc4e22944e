#include "gateway/core/sla/period_load.h"

#include <algorithm>

namespace baton {
namespace {

PeriodDefinition read_period(PolicyReader& in, const std::string& id, const SlaPolicy& policy) {
  const auto at = "/periods/" + id;
  PeriodDefinition period;
  period.id = id;
  period.measure = in.text(at + "/measure", "volume") == "quality" ? PeriodMeasure::kQuality
                                                                   : PeriodMeasure::kVolume;
  period.every =
      in.text(at + "/every", "month") == "week" ? PeriodLength::kWeek : PeriodLength::kMonth;
  period.target = in.integer(at + "/target", 0);
  period.least = in.integer(at + "/least", period.least);
  period.calendar = in.text(at + "/calendar", policy.calendar);
  period.warnings =
      in.at(at + "/warnings") != nullptr ? in.integers(at + "/warnings") : std::vector<int>{50, 75};
  std::sort(period.warnings.begin(), period.warnings.end());
  period.to = in.texts(at + "/to");
  if (period.to.empty()) period.to = {"marketing"};
  period.label = in.label(at + "/label", id);
  return period;
}

void check_period(PolicyReader& in, const PeriodDefinition& period, const SlaPolicy& policy) {
  const auto at = "/periods/" + period.id;
  if (period.measure == PeriodMeasure::kQuality && period.target > 100)
    in.error(at + "/target", "the target of `quality` is a share: at most 100 percent",
             "policy.bad_period");
  const bool nobody = policy.marketing.empty() &&
                      std::find(period.to.begin(), period.to.end(), "marketing") != period.to.end();
  if (nobody)
    in.warn(at, "no one is notified: name a rep in `marketing:` or in `to:`",
            "policy.period_unheard");
}

}  // namespace

void read_periods(PolicyReader& in, SlaPolicy& policy) {
  for (const auto& id : in.keys("/periods")) {
    policy.periods.push_back(read_period(in, id, policy));
    check_period(in, policy.periods.back(), policy);
  }
}

void read_forecast(PolicyReader& in, SlaPolicy& policy) {
  auto& forecast = policy.forecast;
  forecast.handling = in.duration("/forecast/handling", forecast.handling);
  forecast.horizon = in.duration("/forecast/horizon", forecast.horizon);
  forecast.warn = in.integer("/forecast/warn", forecast.warn);
}

}  // namespace baton
