#include <algorithm>

#include <fmt/format.h>

#include "tests/bench/bench.h"
#include "tests/bench/due_leads.h"
#include "tests/bench/gateway_process.h"

namespace baton::bench {
namespace {

constexpr std::size_t kBatch = 256;
constexpr std::size_t kPerSecond = 2'000;
constexpr std::size_t kSteady = 8'000;  // for four seconds
constexpr std::size_t kBurst = 20'000;
constexpr int kChanged = 20'000;
constexpr std::int64_t kFarAway = 4'000'000'000'000;  // 2096

const TimerId kClock{TimerId::Kind::kClock, "first_contact#1"};

std::string pending_id(int i) { return fmt::format("fa{:018x}", i); }

// Persons whose only clock is due in many years. They must not slow down the due clocks.
void write_pending(Store& store, int count, std::uint64_t version) {
  std::vector<Commit> batch;
  for (int i = 0; i < count; ++i) {
    Commit commit;
    commit.key = {'p', pending_id(i)};
    commit.expected_version = version;
    commit.bytes = "pending";
    if (version > 0) commit.timers = {{kClock, Instant{kFarAway + i}}};
    batch.push_back(std::move(commit));
    if (batch.size() == kBatch || i + 1 == count) commit_all(store, batch);
  }
}

// Writes the leads early enough before the first is due. The engine reads the index at least once
// a second and finds the entries of other nodes.
template <class DueOf>
std::vector<double> fire(GatewayProcess& gateway, DueLeads& leads, LogReader& log,
                         std::size_t count, DueOf due_of) {
  const Instant start = gateway.store().now().value() + seconds(4) +
                        milliseconds(static_cast<std::int64_t>(count) / 2);
  leads.write(count, [&](std::size_t i) { return due_of(start, i); });
  if (gateway.store().now().value() + seconds(1) + milliseconds(200) > start)
    give_up("the machine is too slow to prepare the clocks in time");
  std::vector<double> late;
  const Stopwatch watch;
  while (late.size() < count) {
    if (watch.seconds() > 120) give_up(fmt::format("{} of {} clocks fired", late.size(), count));
    // Reads once after the expected end and then again, because reading competes with the gateway.
    const auto wait = (due_of(start, count - 1) + seconds(1) - gateway.store().now().value()).ms;
    timespec sleep{std::max<std::int64_t>(wait, 300) / 1000,
                   std::max<std::int64_t>(wait, 300) % 1000 * 1'000'000};
    ::nanosleep(&sleep, nullptr);
    for (const auto& committed : log.read()) {
      const auto* due = std::get_if<TimerFired>(&committed.record.event.body);
      if (due != nullptr && due->timer.kind == TimerId::Kind::kClock &&
          due->timer.subject.starts_with(DueLeads::kClock))
        late.push_back(static_cast<double>((committed.at - due->due).ms));
    }
  }
  return late;
}

// Clocks moved or cancelled a second among the pending ones. Runs only the commits, of persons
// spread over all partitions.
double rate_of(Store& store, int pending, int version, std::optional<std::int64_t> due) {
  const int count = std::min(pending, kChanged), apart = std::max(1, pending / std::max(1, count));
  std::vector<Commit> batch;
  const Stopwatch watch;
  for (int i = 0; i < count; ++i) {
    Commit commit;
    commit.key = {'p', pending_id(i * apart)};
    commit.expected_version = static_cast<std::uint64_t>(version);
    commit.bytes = "pending";
    commit.timers = {{kClock, due ? std::optional(Instant{*due + i}) : std::nullopt}};
    batch.push_back(std::move(commit));
    if (batch.size() == kBatch || i + 1 == count) commit_all(store, batch);
  }
  return count / watch.seconds();
}

}  // namespace

std::vector<Figures> measure_timers(const Options& options) {
  GatewayProcess gateway(options);
  write_pending(gateway.store(), options.timers, 0);
  const double before = gateway.redis_memory();
  write_pending(gateway.store(), options.timers, 1);
  const double bytes = options.timers > 0 ? (gateway.redis_memory() - before) / options.timers : 0;
  gateway.start();
  DueLeads leads(gateway);
  LogReader log(gateway);
  std::vector<Figures> runs;
  for (int i = 0; i < options.runs; ++i) {
    auto steady = fire(gateway, leads, log, kSteady, [](Instant start, std::size_t n) {
      return start + milliseconds(static_cast<std::int64_t>(n * 1000 / kPerSecond));
    });
    auto burst =
        fire(gateway, leads, log, kBurst, [](Instant start, std::size_t) { return start; });
    runs.push_back(
        {{"timers_pending", options.timers},
         {"timer_moves_per_s",
          rate_of(gateway.store(), options.timers, 2 + 2 * i, kFarAway + 1'000'000)},
         {"timer_cancels_per_s", rate_of(gateway.store(), options.timers, 3 + 2 * i, {})},
         {"timer_bytes", bytes},
         {"timer_lateness_p50_ms", percentile(steady, 0.5)},
         {"timer_lateness_p99_ms", percentile(steady, 0.99)},
         {"timer_burst_drain_s", *std::max_element(burst.begin(), burst.end()) / 1000}});
  }
  return runs;
}

}  // namespace baton::bench
