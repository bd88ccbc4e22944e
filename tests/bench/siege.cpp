#include <sys/resource.h>
#include <time.h>
#include <unistd.h>

#include <atomic>
#include <thread>

#include <fmt/format.h>

#include "tests/bench/bench.h"
#include "tests/bench/deliveries.h"
#include "tests/bench/gateway_process.h"
#include "tests/bench/load.h"
#include "tests/siege/attack.h"

namespace baton::bench {
namespace {

using siege::Kind;

constexpr int kConnections = 12'000;
constexpr double kHonestRate = 500;
constexpr std::size_t kHonest = 15'000;  // for 30 seconds
constexpr std::size_t kCalm = 2'500;     // for 5 seconds before the attack
constexpr double kPatience = 120;
constexpr int kNice = 10;

// The floods send 5,000 requests a second in total.
constexpr siege::Force kForces[] = {
    {Kind::kIdle, 10'000},  {Kind::kHalf, 1'000},       {Kind::kHoard, 60},
    {Kind::kHeads, 300},    {Kind::kBody, 2},           {Kind::kChunks, 2},
    {Kind::kHeader, 2},     {Kind::kForged, 32, 2'500}, {Kind::kOneAddress, 16, 1'500},
    {Kind::kStray, 8, 500}, {Kind::kChurn, 8, 500},
};

// Runs the attackers on a separate thread with low priority, because real attackers use their own
// processors. The figures include how much they send.
class Siege {
 public:
  explicit Siege(GatewayProcess& gateway) : gateway_(gateway), thread_([this] { run(); }) {}
  ~Siege() { end(); }
  Siege(const Siege&) = delete;
  Siege& operator=(const Siege&) = delete;

  void wait_until_in_place() const {
    const Stopwatch watch;
    while (gateway_.metric("baton_connections") < 10'900) {
      if (watch.seconds() > kPatience) give_up("the attackers did not connect in time");
      std::this_thread::sleep_for(std::chrono::milliseconds(50));
    }
  }
  void end() {
    over_ = true;
    if (thread_.joinable()) thread_.join();
  }
  double most_memory() const { return most_memory_; }
  double floods() const { return floods_; }
  double cores() const { return cores_; }  // processor time of the attackers

 private:
  void run() {
    ::setpriority(PRIO_PROCESS, static_cast<id_t>(::gettid()), kNice);
    siege::Attackers attackers(gateway_.port(), kHookPath, delivery_body({.count = 4}, 0));
    for (const auto& force : kForces) attackers.send(force);
    const Stopwatch watch;
    for (int i = 0; !over_; ++i) {
      attackers.step(5);
      if (i % 50 == 0) most_memory_ = std::max(most_memory_.load(), gateway_.rss_mb());
    }
    double answered = 0;
    for (const auto& [kind, tally] : attackers.tallies()) {
      for (const auto& [status, n] : tally.answers) answered += static_cast<double>(n);
    }
    floods_ = answered / watch.seconds();
    timespec used{};
    ::clock_gettime(CLOCK_THREAD_CPUTIME_ID, &used);
    cores_ = (static_cast<double>(used.tv_sec) + static_cast<double>(used.tv_nsec) / 1e9) /
             watch.seconds();
  }

  GatewayProcess& gateway_;
  std::atomic<bool> over_{false};
  std::atomic<double> most_memory_{0}, floods_{0}, cores_{0};
  std::thread thread_;
};

}  // namespace

Figures measure_siege(const Options& options) {
  siege::raise_descriptors();
  GatewayProcess gateway(
      options, fmt::format("{{connections: {}, requests_per_address: 1000}}", kConnections));
  gateway.start();
  const auto honest = [&](std::size_t count, std::string name) {
    return drive({.port = gateway.port(),
                  .connections = 32,
                  .rate = kHonestRate,
                  .seconds_at_most = kPatience},
                 signed_requests({.count = count, .name = std::move(name)}));
  };
  auto calm = honest(kCalm, "calm");
  Siege siege(gateway);
  siege.wait_until_in_place();
  const double cpu = gateway.cpu_seconds();
  auto result = honest(kHonest, "siege");
  const double cores = (gateway.cpu_seconds() - cpu) / result.seconds;
  siege.end();
  return {{"siege_gateway_cores", cores},
          {"siege_strangers_cores", siege.cores()},
          {"siege_calm_p99_ms", percentile(calm.latency_ms, 0.99)},
          {"siege_honest_p50_ms", percentile(result.latency_ms, 0.5)},
          {"siege_honest_p99_ms", percentile(result.latency_ms, 0.99)},
          {"siege_honest_refused", static_cast<double>(result.refused)},
          {"siege_answers_to_strangers_per_s", siege.floods()},
          {"siege_rss_mb", siege.most_memory()}};
}

}  // namespace baton::bench
