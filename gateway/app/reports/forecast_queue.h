#pragma once

#include <atomic>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "gateway/app/documents/documents.h"
#include "gateway/app/reports/digest_data.h"
#include "gateway/store/store.h"

namespace baton {

// The leads that wait for a contact, by pool. Watches each person whose record mentions a clock or
// handover, until no contact clock runs any more. The documents are authoritative.
class ForecastQueue {
 public:
  void note(const DecisionRecord& record);
  void clear() { watched_.clear(); }
  // Loads the watched persons. Drops those that wait for nothing.
  Result<std::map<std::string, std::vector<ForecastLead>>> read(const Documents& documents,
                                                                Store& store, const Policy& policy,
                                                                const std::atomic<bool>& stopping);

 private:
  std::set<std::string> watched_;
};

// Every pool's forecast, including pools without waiting leads.
std::vector<PoolForecast> make_forecasts(
    const std::map<std::string, std::vector<ForecastLead>>& queue, const PeriodBook& book,
    const Policy& policy, Instant now);

}  // namespace baton
