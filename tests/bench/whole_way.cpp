#include <fmt/format.h>

#include "tests/bench/bench.h"
#include "tests/bench/deliveries.h"
#include "tests/bench/gateway_process.h"
#include "tests/bench/load.h"

namespace baton::bench {
namespace {

constexpr std::size_t kAccepted = 50'000;
constexpr std::size_t kWholeWay = 20'000;
constexpr double kHalfLoadSeconds = 4;

LoadResult send(const GatewayProcess& gateway, const std::vector<std::string>& requests,
                double rate) {
  Load load;
  load.port = gateway.port();
  load.rate = rate;
  auto result = drive(load, requests);
  if (result.refused > 0)
    give_up(fmt::format("{} of {} deliveries were refused", result.refused, requests.size()));
  return result;
}

Stream stream_of(std::size_t count, std::string name) {
  Stream stream;
  stream.count = count / stream.touches_each * stream.touches_each;
  stream.name = std::move(name);
  return stream;
}

void wait_until_decided(const GatewayProcess& gateway, double touches, double demos) {
  gateway.wait_for("baton_domain_events_total", R"(event="touch.recorded")", touches, 120);
  gateway.wait_for("baton_domain_events_total", R"(event="handover.offered")", demos, 120);
}

// The time from stored to committed at this rate, after so many earlier touches and demos.
std::vector<double> latency_at(GatewayProcess& gateway, double rate, double touches, double demos) {
  LogReader log(gateway);
  log.skip_to_end();
  const Stream half = stream_of(static_cast<std::size_t>(rate * kHalfLoadSeconds), "half");
  send(gateway, signed_requests(half), rate);
  wait_until_decided(gateway, touches + static_cast<double>(half.count),
                     demos + static_cast<double>(half.demos()));
  std::vector<double> latency;
  for (const auto& committed : log.read()) {
    if (std::holds_alternative<TouchesReceived>(committed.record.event.body))
      latency.push_back(static_cast<double>((committed.at - committed.record.now).ms));
  }
  return latency;
}

}  // namespace

// Acceptance alone: another node holds the partitions, so that only the edge, Redis and the
// generator work. Every answer is an fsynced delivery.
Figures measure_accepting(const Options& options) {
  GatewayProcess gateway(options);
  gateway.hold_leases(seconds(300));
  gateway.start();
  send(gateway, signed_requests(stream_of(4'000, "warm")), 0);
  const double full = send(gateway, signed_requests(stream_of(kAccepted, "full")), 0).rate();
  auto half = send(
      gateway,
      signed_requests(stream_of(static_cast<std::size_t>(full / 2 * kHalfLoadSeconds), "half")),
      full / 2);
  if (gateway.metric("baton_intake_total", R"(path="spool")") > 0)
    give_up("deliveries went to the spool, so this does not measure Redis");
  return {{"ack_rps", full},
          {"ack_p50_ms", percentile(half.latency_ms, 0.5)},
          {"ack_p99_ms", percentile(half.latency_ms, 0.99)}};
}

// The whole way: as fast as acknowledgements come, until the last touch is decided and committed
// and the last lead has its owner. Then half of that rate, to measure the time of one touch.
Figures measure_whole_way(const Options& options) {
  GatewayProcess gateway(options);
  gateway.start();
  const Stream warm = stream_of(2'000, "warm"), full = stream_of(kWholeWay, "full");
  send(gateway, signed_requests(warm), 0);
  wait_until_decided(gateway, static_cast<double>(warm.count), static_cast<double>(warm.demos()));
  const double memory = gateway.redis_memory();

  const auto requests = signed_requests(full);
  const Stopwatch watch;
  const double accepted = send(gateway, requests, 0).rate();
  const double touches = static_cast<double>(warm.count + full.count),
               demos = static_cast<double>(warm.demos() + full.demos());
  wait_until_decided(gateway, touches, demos);
  const double rate = static_cast<double>(full.count) / watch.seconds();
  const double grown = gateway.redis_memory() - memory;
  Figures parts;
  for (const auto& [name, bytes] : gateway.redis_bytes())
    parts["person_bytes_" + name] = bytes / static_cast<double>(warm.persons() + full.persons());

  auto latency = latency_at(gateway, rate / 2, touches, demos);
  Figures figures{{"pipeline_touches_per_s", rate},
                  {"pipeline_accepted_per_s", accepted},
                  {"decide_latency_p50_ms", percentile(latency, 0.5)},
                  {"decide_latency_p99_ms", percentile(latency, 0.99)},
                  {"rss_mb", gateway.rss_mb()},
                  {"redis_bytes_per_person", grown / static_cast<double>(full.persons())}};
  figures.merge(parts);
  return figures;
}

}  // namespace baton::bench
