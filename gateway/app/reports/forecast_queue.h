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

// The leads that wait for a contact, by pool. Whose record says that something happened to a clock
// or handover is looked at until no contact clock runs any more: the documents are the truth.
class ForecastQueue {
 public:
  void note(const DecisionRecord& record);
  void clear() { watched_.clear(); }
  // Loads the persons that are watched; those that wait for nothing are dropped.
  Result<std::map<std::string, std::vector<ForecastLead>>> read(const Documents& documents,
                                                                Store& store, const Policy& policy,
                                                                const std::atomic<bool>& stopping);

 private:
  std::set<std::string> watched_;
};

// Every pool's forecast, whoever waits there.
std::vector<PoolForecast> make_forecasts(
    const std::map<std::string, std::vector<ForecastLead>>& queue, const PeriodBook& book,
    const Policy& policy, Instant now);

}  // namespace baton
