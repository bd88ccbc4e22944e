#pragma once

#include <chrono>
#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <vector>

namespace baton {

struct Policy;

}  // namespace baton

namespace baton::bench {

// Measured values by their names in the JSON.
using Figures = std::map<std::string, double>;

struct Options {
  std::string program = "build/release/baton";  // the gateway under test
  int runs = 3;
  int timers = 200'000;   // pending, in addition to the ones that fall due
  int persons = 100'000;  // the largest population of measure_growth()
  int overdue = 10'000;   // clocks that fell due while the gateway was down
  bool json = false;
  std::string only;  // runs one part alone, by its name in main.cpp
};

// Each performs one run of its part. They always end: if the gateway fails, they throw
// std::runtime_error.
Figures measure_mapping();
Figures measure_calendar();
Figures measure_decisions();
Figures measure_bare_beast();
Figures measure_accepting(const Options& options);
Figures measure_whole_way(const Options& options);
// The throughput of Redis with a bare client, for the calls of accepting and committing.
Figures measure_ceiling();
Figures measure_growth(const Options& options);
Figures measure_kill_in_burst(const Options& options);
Figures measure_downtime(const Options& options);
// Honest senders at 500 a second while attackers use all their means.
Figures measure_siege(const Options& options);
// Performs several runs over one set of pending timers, because writing the set takes long.
std::vector<Figures> measure_timers(const Options& options);

// The policies of `baton init`. With `around_the_clock`, SLA clocks count at night and on Sundays
// as well, so that a figure does not depend on the day of the week, and no pool reaches its caps.
std::string policy_text(const std::string& kind, bool around_the_clock);
std::shared_ptr<const Policy> template_policy(bool around_the_clock);

// Sorts the values; returns the value at the given share, without interpolation.
double percentile(std::vector<double>& values, double share);
Figures medians(const std::vector<Figures>& runs);

std::string to_json_text(const Figures& figures, const Options& options);
std::string to_table(const Figures& figures, const Options& options);

[[noreturn]] void give_up(const std::string& why);

class Stopwatch {
 public:
  double seconds() const {
    return std::chrono::duration<double>(std::chrono::steady_clock::now() - begun_).count();
  }

 private:
  std::chrono::steady_clock::time_point begun_ = std::chrono::steady_clock::now();
};

// Our random generator (splitmix64): the same stream of work on every machine.
class Dice {
 public:
  explicit Dice(std::uint64_t seed) : state_(seed) {}
  std::uint64_t next();
  std::size_t below(std::size_t n) { return static_cast<std::size_t>(next() % n); }
  bool one_in(std::size_t n) { return below(n) == 0; }

 private:
  std::uint64_t state_;
};

}  // namespace baton::bench
