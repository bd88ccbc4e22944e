#pragma once

#include <string>
#include <vector>

#include "gateway/app/messages/digest.h"
#include "gateway/core/explain/period_book.h"
#include "gateway/core/policy/policy.h"
#include "gateway/core/sla/forecast.h"
#include "mapping/json/json.h"

namespace baton {

// A pool's forecast, as the API, the digest and warnings show it.
struct PoolForecast {
  std::string pool;  // id
  Forecast forecast;
  Duration handling;  // its calendar
  Instant at, until;
};
json::object to_json(const PoolForecast& forecast);

// The status of a promise of marketing.
struct PeriodReport {
  std::string id;
  PeriodMeasure measure = PeriodMeasure::kVolume;
  PeriodWindow window;
  PeriodStanding standing;
  PeriodCounts counts;
  int percent = 0, target = 0;
  bool partial = false;  // Baton has not seen its beginning, so it is not judged
};
json::object to_json(const PeriodReport& report);
std::optional<PeriodReport> period_report_from_json(const json::object& o);

// The digest of [from, to) from the log. `individuals`: include figures of single reps.
DigestData digest_data(const PeriodBook& book, const Policy& policy, Instant from, Instant to,
                       bool individuals);
void add_forecasts(DigestData& data, const std::vector<PoolForecast>& forecasts,
                   const Policy& policy);
// Adds the display names of each "clock" in a forecast's list, as "clock_en" and "clock_de".
void label_clocks(json::object& forecast, const SlaPolicy& sla);

// A digest in the format of the outbox. It contains no customer names, which are looked up when it
// is sent.
json::object digest_to_json(const DigestData& data);
DigestData digest_from_json(const json::object& o);

}  // namespace baton
