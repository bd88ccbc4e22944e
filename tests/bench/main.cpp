// The benchmark behind deploy/bench: every figure of docs/explanation/performance.md.
//
//   baton_bench [--program FILE] [--runs N] [--timers N] [--full] [--only PART] [--json]
#include <cstdlib>
#include <cstring>
#include <exception>
#include <functional>

#include <fmt/format.h>

#include "gateway/platform/exit_code.h"
#include "tests/bench/bench.h"

namespace baton::bench {
namespace {

constexpr int kFull = 1'000'000, kFullOverdue = 50'000;

bool read_options(int argc, char** argv, Options& options) {
  for (int i = 1; i < argc; ++i) {
    const std::string word = argv[i];
    const auto number = [&] { return std::atoi(argv[++i]); };
    if (word == "--json")
      options.json = true;
    else if (word == "--full") {
      options.timers = options.persons = kFull;
      options.overdue = kFullOverdue;
    } else if (i + 1 >= argc)
      return false;
    else if (word == "--program")
      options.program = argv[++i];
    else if (word == "--only")
      options.only = argv[++i];
    else if (word == "--runs")
      options.runs = number();
    else if (word == "--timers")
      options.timers = number();
    else
      return false;
  }
  return options.runs > 0 && options.timers >= 0;
}

struct Part {
  std::string_view name;
  std::function<Figures(const Options&)> run;
  bool once = false;       // one run is enough: it is long and steady
  bool asked_for = false;  // runs only with --only
};

const std::vector<Part>& parts() {
  static const std::vector<Part> all{
      {"mapping", [](const Options&) { return measure_mapping(); }},
      {"calendar", [](const Options&) { return measure_calendar(); }},
      {"decisions", [](const Options&) { return measure_decisions(); }},
      {"beast", [](const Options&) { return measure_bare_beast(); }},
      {"ceiling", [](const Options&) { return measure_ceiling(); }},
      {"accepting", measure_accepting},
      {"whole_way", measure_whole_way},
      {"growth", measure_growth, true},
      {"kill", measure_kill_in_burst, true},
      {"downtime", measure_downtime, true},
      {"siege", measure_siege, true, true},
  };
  return all;
}

// Ratios are comparable between machines; each needs both of its figures.
void compare(Figures& all, const std::string& name, const std::string& what,
             const std::string& with) {
  if (all.contains(what) && all.contains(with) && all[with] > 0)
    all[name] = 100 * all[what] / all[with];
}

Figures run_all(const Options& options) {
  Figures all;
  for (const auto& part : parts()) {
    if (options.only.empty() ? part.asked_for : options.only != part.name) continue;
    std::vector<Figures> runs;
    const int wanted = part.once ? 1 : options.runs;
    for (int i = 0; i < wanted; ++i) {
      fmt::print(stderr, "{} {}/{}\n", part.name, i + 1, wanted);
      runs.push_back(part.run(options));
    }
    all.merge(medians(runs));
  }
  if (options.only.empty() || options.only == "timers") {
    fmt::print(stderr, "timers\n");
    all.merge(medians(measure_timers(options)));
  }
  compare(all, "ack_percent_of_beast", "ack_rps", "bare_beast_rps");
  compare(all, "ack_percent_of_redis", "ack_rps", "redis_intake_per_s");
  compare(all, "pipeline_percent_of_redis", "pipeline_touches_per_s", "redis_both_per_s");
  return all;
}

}  // namespace
}  // namespace baton::bench

int main(int argc, char** argv) {
  baton::bench::Options options;
  if (!baton::bench::read_options(argc, argv, options)) {
    fmt::print(stderr,
               "usage: baton_bench [--program FILE] [--runs N] [--timers N] [--full] [--only PART] "
               "[--json]\n");
    return baton::kExitUsage;
  }
  try {
    const auto figures = baton::bench::run_all(options);
    fmt::print("{}{}", options.json ? to_json_text(figures, options) : to_table(figures, options),
               options.json ? "\n" : "");
    return baton::kExitOk;
  } catch (const std::exception& e) {
    fmt::print(stderr, "baton_bench: {}\n", e.what());
    return baton::kExitInternal;
  }
}
