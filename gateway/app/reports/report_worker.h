#pragma once

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include "gateway/app/engine/engine_thread.h"
#include "gateway/app/engine/leases.h"
#include "gateway/app/reports/forecast_queue.h"
#include "gateway/app/reports/report_messages.h"
#include "gateway/core/explain/period_book.h"

namespace baton {

// What is done once a minute and once a day, beside all the single leads: the forecast of each
// pool, marketing's promises, the daily digest, and a look at the clocks themselves. One node does
// it, the one that holds partition 0; what it wants said is committed together with the note that
// it was said, so two nodes that both believe to be that one, or a restart, say nothing twice. It
// follows the log of decisions, from memory; a node that takes over reads as far back as the
// longest period.
class ReportWorker {
 public:
  ReportWorker(const EngineParts& parts, const Leases& leases, ClockHealth& clock_health)
      : parts_(parts), leases_(leases), clock_health_(clock_health) {}
  ~ReportWorker() { join(); }

  void start();
  void join();

  // One round. Public for tests, which have no minutes to wait.
  Status tick(Store& store);

 private:
  // What was said already, as the document of the reports keeps it.
  struct Said {
    std::uint64_t version = 0;
    json::object state;
  };
  struct Round {
    Instant now;
    std::shared_ptr<const Policy> policy;
    std::shared_ptr<const ReportSettings> settings;
    Said said;
    std::vector<OutboxItem> items;
    bool changed = false;
  };

  void run();
  void watch_clocks(Store& store, Instant now);
  Status follow_log(Store& store, const Round& round);
  void warn_of_breaches(Round& round, const std::vector<PoolForecast>& forecasts);
  std::vector<PeriodReport> judge(Round& round);
  void say_period(Round& round, const PeriodDefinition& period, const PeriodReport& report);
  void send_digest(Round& round, const std::vector<PoolForecast>& forecasts,
                   const std::vector<PeriodReport>& periods);
  static Result<Said> load_said(Store& store);
  void alarm(Store& store, Instant now, std::string_view what, Duration by);
  // False where another node wrote in between.
  Result<bool> commit(Store& store, Round& round);
  static Status publish(Store& store, const Round& round,
                        const std::vector<PoolForecast>& forecasts,
                        const std::vector<PeriodReport>& periods);

  const EngineParts parts_;
  const Leases& leases_;
  ClockHealth& clock_health_;
  std::unique_ptr<Store> store_;
  std::vector<std::string> cursors_;  // into the log of each partition; empty: not following
  PeriodBook book_;
  ForecastQueue queue_;
  Signal wake_;
  std::thread thread_;
};

}  // namespace baton
