#include <fstream>
#include <thread>

#include <fmt/format.h>

#include "tests/bench/bench.h"

namespace baton::bench {
namespace {

struct Line {
  const char* name;
  const char* says;
  const char* target;
  int digits;
};

// In the order of the way of a lead. docs/explanation/performance.md has the targets.
constexpr Line kLines[] = {
    {"bare_beast_rps", "bare handler, not durable: requests/s", "", 0},
    {"redis_intake_per_s", "Redis's ceiling: bare client, intake calls: calls/s", "", 0},
    {"redis_commit_per_s", "Redis's ceiling: bare client, commits: commits/s", "", 0},
    {"redis_both_per_s", "Redis's ceiling: an intake and a commit each: touches/s", "", 0},
    {"ack_rps", "accepted durably, engine idle: webhooks/s", ">= 20000", 0},
    {"ack_percent_of_beast", "    of the bare handler: %", "", 0},
    {"ack_percent_of_redis", "    of Redis's ceiling: %", "", 0},
    {"ack_p50_ms", "acknowledgement at half load, p50: ms", "", 2},
    {"ack_p99_ms", "acknowledgement at half load, p99: ms", "< 5", 2},
    {"pipeline_touches_per_s", "webhook to decision committed: touches/s", ">= 5000", 0},
    {"pipeline_percent_of_redis", "    of Redis's ceiling for both: %", "", 0},
    {"decide_latency_p50_ms", "stored to decision committed, half load, p50: ms", "", 0},
    {"decide_latency_p99_ms", "stored to decision committed, half load, p99: ms", "< 50", 0},
    {"timers_pending", "clocks pending while measured", "1000000", 0},
    {"timer_bytes", "Redis memory of a clock without its person: bytes", "<= 150", 0},
    {"timer_lateness_p50_ms", "clock due to decision committed, 2000/s, p50: ms", "< 2", 0},
    {"timer_lateness_p99_ms", "clock due to decision committed, 2000/s, p99: ms", "< 20", 0},
    {"timer_burst_drain_s", "20000 clocks due at once, all committed: s", "<= 2", 2},
    {"timer_moves_per_s", "clocks moved among the pending ones: clocks/s", "", 0},
    {"timer_cancels_per_s", "clocks cancelled among the pending ones: clocks/s", "", 0},
    {"kill_fired_before", "20000 due at once, then kill -9: fired before it", "", 0},
    {"kill_clocks_lost", "    clocks that never fired", "0", 0},
    {"kill_clocks_doubled", "    clocks that fired twice", "0", 0},
    {"downtime_clocks", "clocks overdue after two hours down", "50000", 0},
    {"downtime_drain_s", "    until all fired and their effects were sent: s", "", 1},
    {"downtime_clocks_lost", "    clocks that never fired", "0", 0},
    {"downtime_clocks_doubled", "    clocks that fired twice", "0", 0},
    {"downtime_out_of_order", "    fired after a later one of its partition", "0", 0},
    {"downtime_ack_p99_ms", "    acknowledgement meanwhile, 500/s, p99: ms", "", 0},
    {"growth_event_us_10k", "an event with 10 thousand persons: us of CPU time", "", 0},
    {"growth_event_us_100k", "an event with 100 thousand persons", "", 0},
    {"growth_event_us_1m", "an event with a million persons", "", 0},
    {"growth_percent", "    growth from the first to the last: %", "< 10", 0},
    {"growth_ready_s_10k", "start to ready with 10 thousand persons: s", "", 2},
    {"growth_ready_s_100k", "start to ready with 100 thousand persons: s", "", 2},
    {"growth_ready_s_1m", "start to ready with a million persons: s", "< 10", 2},
    {"decisions_per_s_core", "decide() alone, one core: decisions/s", ">= 200000", 0},
    {"due_time_ns", "due time in office hours with holidays: ns", "< 2000", 0},
    {"map_typeform_us", "mapping and normalising 2 KB of Typeform: us", "< 25", 1},
    {"siege_calm_p99_ms", "before the attack: acknowledgement, 500/s, p99: ms", "", 2},
    {"siege_honest_p50_ms", "under attack: acknowledgement, 500/s, p50: ms", "", 2},
    {"siege_honest_p99_ms", "under attack: acknowledgement, 500/s, p99: ms", "< 20", 2},
    {"siege_honest_refused", "under attack: honest deliveries not acknowledged", "0", 0},
    {"siege_answers_to_strangers_per_s", "under attack: answers to attackers/s", "", 0},
    {"siege_gateway_cores", "under attack: CPU time of the gateway: cores", "", 2},
    {"siege_strangers_cores", "under attack: CPU time of the attackers: cores", "", 2},
    {"siege_rss_mb", "under attack: highest memory of the gateway: MB", "< 150", 0},
    {"rss_mb", "memory of the gateway after the load: MB", "< 100", 0},
    {"redis_bytes_per_person", "Redis memory a person, with log and receipts", "< 3000", 0},
    {"person_bytes_documents", "    document and its encryption keys: bytes", "", 0},
    {"person_bytes_log", "    decision log", "", 0},
    {"person_bytes_receipts", "    ids of deliveries, to detect repeats", "", 0},
    {"person_bytes_claims", "    identity claims", "", 0},
    {"person_bytes_done", "    keys of finished outbox items", "", 0},
    {"person_bytes_indexes", "    timers, pushes, recent leads, queues", "", 0},
};

std::string load_average() {
  std::string text;
  std::ifstream("/proc/loadavg") >> text;
  return text;
}

}  // namespace

std::string to_json_text(const Figures& figures, const Options& options) {
  std::string out = "{";
  Figures rest = figures;
  for (const auto& line : kLines) {
    const auto found = figures.find(line.name);
    if (found == figures.end()) continue;
    out += fmt::format("\"{}\":{:.{}f},", line.name, found->second, line.digits);
    rest.erase(line.name);
  }
  for (const auto& [name, value] : rest) out += fmt::format("\"{}\":{:.0f},", name, value);
  return out + fmt::format("\"runs\":{},\"cores\":{},\"load_average\":{}}}", options.runs,
                           std::thread::hardware_concurrency(), load_average());
}

std::string to_table(const Figures& figures, const Options& options) {
  std::string out =
      fmt::format("{:<58} {:>12} {:>12}\n",
                  fmt::format("medians of {} runs, {} cores, load average {}", options.runs,
                              std::thread::hardware_concurrency(), load_average()),
                  "measured", "target");
  for (const auto& line : kLines) {
    const auto found = figures.find(line.name);
    if (found == figures.end()) continue;
    out += fmt::format("{:<58} {:>12.{}f} {:>12}\n", line.says, found->second, line.digits,
                       line.target);
  }
  return out;
}

}  // namespace baton::bench
