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

// In the order of the way of a lead. Targets: docs/explanation/performance.md.
constexpr Line kLines[] = {
    {"bare_beast_rps", "bare handler, not durable: requests/s", "", 0},
    {"ack_rps", "accepted durably, engine resting: webhooks/s", ">= 20000", 0},
    {"ack_p50_ms", "acknowledgement at half load, p50: ms", "", 2},
    {"ack_p99_ms", "acknowledgement at half load, p99: ms", "< 5", 2},
    {"pipeline_touches_per_s", "webhook to decision committed: touches/s", ">= 5000", 0},
    {"decide_latency_p50_ms", "stored to decision committed, half load, p50: ms", "", 0},
    {"decide_latency_p99_ms", "stored to decision committed, half load, p99: ms", "< 50", 0},
    {"timers_pending", "clocks pending while measured", "1000000", 0},
    {"timer_bytes", "Redis memory of a clock beside its person: bytes", "<= 150", 0},
    {"timer_lateness_p50_ms", "clock due to decision committed, 2000/s, p50: ms", "< 2", 0},
    {"timer_lateness_p99_ms", "clock due to decision committed, 2000/s, p99: ms", "< 20", 0},
    {"timer_burst_drain_s", "20000 clocks due at once, all committed: s", "<= 2", 2},
    {"decisions_per_s_core", "decide() alone, one core: decisions/s", ">= 200000", 0},
    {"due_time_ns", "due time in office hours with holidays: ns", "< 2000", 0},
    {"map_typeform_us", "mapping and normalising 2 KB of Typeform: us", "< 25", 1},
    {"siege_calm_p99_ms", "before the siege: acknowledgement, 500/s, p99: ms", "", 2},
    {"siege_honest_p50_ms", "besieged: honest acknowledgement, 500/s, p50: ms", "", 2},
    {"siege_honest_p99_ms", "besieged: honest acknowledgement, 500/s, p99: ms", "< 20", 2},
    {"siege_honest_refused", "besieged: honest deliveries not acknowledged", "0", 0},
    {"siege_answers_to_strangers_per_s", "besieged: answers to strangers/s", "", 0},
    {"siege_gateway_cores", "besieged: processor the gateway takes: cores", "", 2},
    {"siege_strangers_cores", "besieged: processor the strangers take: cores", "", 2},
    {"siege_rss_mb", "besieged: gateway's memory at most: MB", "< 150", 0},
    {"rss_mb", "gateway's memory after the load: MB", "< 100", 0},
    {"redis_bytes_per_person", "Redis memory a person, log and receipts included", "", 0},
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
  return out + fmt::format("\"runs\":{},\"cores\":{},\"load_average\":{}}}", options.runs, std::thread::hardware_concurrency(), load_average());
}

std::string to_table(const Figures& figures, const Options& options) {
  std::string out = fmt::format("{:<58} {:>12} {:>12}\n", fmt::format("medians of {} runs, {} cores, load average {}", options.runs, std::thread::hardware_concurrency(), load_average()),
                                "measured", "target");
  for (const auto& line : kLines) {
    const auto found = figures.find(line.name);
    if (found == figures.end()) continue;
    out += fmt::format("{:<58} {:>12.{}f} {:>12}\n", line.says, found->second, line.digits, line.target);
  }
  return out;
}

}  // namespace baton::bench
