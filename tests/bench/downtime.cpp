#include <algorithm>
#include <map>
#include <thread>

#include <fmt/format.h>

#include "tests/bench/bench.h"
#include "tests/bench/deliveries.h"
#include "tests/bench/due_leads.h"
#include "tests/bench/gateway_process.h"
#include "tests/bench/load.h"

namespace baton::bench {
namespace {

constexpr std::size_t kBurst = 20'000;
constexpr Duration kDowntime = minutes(120);
constexpr double kHonestRate = 500;
constexpr double kPatience = 300;

// Reads the due clocks from the decision log: how often each fired, and whether one fired before
// another of its partition that was due earlier. Does not count clocks that a firing has started.
class Firings {
 public:
  Firings(GatewayProcess& gateway, std::vector<Instant> due)
      : log_(gateway),
        partitions_(gateway.store().partitions()),
        due_(std::move(due)),
        times_(due_.size()) {}

  void read() {
    for (const auto& committed : log_.read()) {
      const auto* due = std::get_if<TimerFired>(&committed.record.event.body);
      if (due == nullptr || due->timer.kind != TimerId::Kind::kClock ||
          !due->timer.subject.starts_with(DueLeads::kClock))
        continue;
      const auto number = DueLeads::number_of(committed.record.person.str());
      if (number >= due_.size() || due_[number] != due->due) continue;
      fired_ += times_[number]++ == 0 ? 1 : 0;
      auto& last = last_[partition_of(committed.record.person.view(), partitions_)];
      out_of_order_ += due->due < last ? 1 : 0;
      last = std::max(last, due->due);
    }
  }
  std::size_t fired() const { return fired_; }
  std::size_t doubled() const {
    return static_cast<std::size_t>(
        std::count_if(times_.begin(), times_.end(), [](int times) { return times > 1; }));
  }
  std::size_t out_of_order() const { return out_of_order_; }

 private:
  LogReader log_;
  const PartitionId partitions_;
  const std::vector<Instant> due_;  // by number of the lead
  std::vector<int> times_;
  std::map<PartitionId, Instant> last_;
  std::size_t fired_ = 0, out_of_order_ = 0;
};

void wait_until_fired(Firings& firings, std::size_t count) {
  const Stopwatch watch;
  for (firings.read(); firings.fired() < count; firings.read()) {
    if (watch.seconds() > kPatience) return;  // the figures report missing clocks
    std::this_thread::sleep_for(std::chrono::milliseconds(200));
  }
}

double warned(const GatewayProcess& gateway) {
  return gateway.metric("baton_domain_events_total", R"(event="clock.warned.first_contact")");
}

}  // namespace

// kill -9 during a burst, followed at once by a start.
Figures measure_kill_in_burst(const Options& options) {
  GatewayProcess gateway(options);
  gateway.start();
  DueLeads leads(gateway);
  const Instant due = gateway.store().now().value() + seconds(3) +
                      milliseconds(static_cast<std::int64_t>(kBurst) / 4);
  Firings firings(gateway, std::vector<Instant>(kBurst, due));
  leads.write(kBurst, [&](std::size_t) { return due; });
  gateway.wait_for("baton_domain_events_total", R"(event="clock.warned.first_contact")",
                   static_cast<double>(kBurst) / 8, kPatience);
  const double before = warned(gateway);
  gateway.kill();
  gateway.start();
  wait_until_fired(firings, kBurst);
  return {{"kill_fired_before", before},
          {"kill_clocks_lost", static_cast<double>(kBurst - firings.fired())},
          {"kill_clocks_doubled", static_cast<double>(firings.doubled())}};
}

// A gateway starts after two hours of downtime, in which clocks fell due all the time.
Figures measure_downtime(const Options& options) {
  GatewayProcess gateway(options);
  const auto overdue = static_cast<std::size_t>(options.overdue);
  DueLeads leads(gateway);
  const Instant now = gateway.store().now().value();
  // Written in no order of time: the index has to sort them.
  std::vector<Instant> due;
  for (std::size_t i = 0; i < overdue; ++i) {
    const auto place = static_cast<std::int64_t>(i * 7'919 % overdue);
    due.push_back(now - kDowntime +
                  milliseconds(kDowntime.ms / static_cast<std::int64_t>(overdue) * place));
  }
  Firings firings(gateway, due);
  leads.write(overdue, [&](std::size_t i) { return due[i]; });
  const auto requests =
      signed_requests({.count = static_cast<std::size_t>(kHonestRate * 6), .name = "meanwhile"});
  gateway.start();
  const Stopwatch watch;
  double drained = 0;
  std::thread look([&] {
    while (warned(gateway) < static_cast<double>(overdue) && watch.seconds() < kPatience)
      std::this_thread::sleep_for(std::chrono::milliseconds(50));
    drained = watch.seconds();
  });
  auto edge = drive({.port = gateway.port(),
                     .connections = 32,
                     .rate = kHonestRate,
                     .seconds_at_most = kPatience},
                    requests);
  look.join();
  wait_until_fired(firings, overdue);
  return {{"downtime_clocks", options.overdue},
          {"downtime_clocks_lost", static_cast<double>(overdue - firings.fired())},
          {"downtime_clocks_doubled", static_cast<double>(firings.doubled())},
          {"downtime_out_of_order", static_cast<double>(firings.out_of_order())},
          {"downtime_drain_s", drained},
          {"downtime_ack_p99_ms", percentile(edge.latency_ms, 0.99)}};
}

}  // namespace baton::bench
