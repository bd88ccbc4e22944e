#pragma once

#include <string>
#include <vector>

#include "gateway/app/messages/digest.h"
#include "gateway/core/explain/period_book.h"
#include "gateway/core/policy/policy.h"
#include "gateway/core/sla/forecast.h"
#include "mapping/json/json.h"

namespace baton {

// A pool's forecast, as the API, the digest and warnings tell it.
struct PoolForecast {
  std::string pool;  // id
  Forecast forecast;
  Duration handling;  // it goes by
  Instant at, until;
};
json::object to_json(const PoolForecast& forecast);

// How a promise of marketing stands.
struct PeriodReport {
  std::string id;
  PeriodMeasure measure = PeriodMeasure::kVolume;
  PeriodWindow window;
  PeriodStanding standing;
  PeriodCounts counts;
  int percent = 0, target = 0;
  bool partial = false;  // Baton has not seen its beginning: it is not judged
};
json::object to_json(const PeriodReport& report);
std::optional<PeriodReport> period_report_from_json(const json::object& o);

// The digest of [from, to), by the log. `individuals`: figures of single reps too.
DigestData digest_data(const PeriodBook& book, const Policy& policy, Instant from, Instant to,
                       bool individuals);
void add_forecasts(DigestData& data, const std::vector<PoolForecast>& forecasts,
                   const Policy& policy);
// Beside each "clock" of a forecast's list what it is called, as "clock_en" and "clock_de".
void label_clocks(json::object& forecast, const SlaPolicy& sla);

// A digest on its way through the outbox. It names no customer: those are looked up when it is
// sent.
json::object digest_to_json(const DigestData& data);
DigestData digest_from_json(const json::object& o);

}  // namespace baton
