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

// What was measured, by the name it has in the JSON.
using Figures = std::map<std::string, double>;

struct Options {
  std::string program = "build/release/baton";  // the gateway under test
  int runs = 3;
  int timers = 200'000;   // pending beside the ones that fall due
  int persons = 100'000;  // the most that growth is measured with
  int overdue = 10'000;   // clocks that fell due while the gateway was down
  bool json = false;
  std::string only;  // one part alone, by its name in main.cpp
};

// One run of each part. They end by themselves, also where the gateway does not do what it should:
// then they throw std::runtime_error.
Figures measure_mapping();
Figures measure_calendar();
Figures measure_decisions();
Figures measure_bare_beast();
Figures measure_accepting(const Options& options);
Figures measure_whole_way(const Options& options);
// What Redis gives a bare client for the calls that accepting and committing are made of.
Figures measure_ceiling();
Figures measure_growth(const Options& options);
Figures measure_kill_in_burst(const Options& options);
Figures measure_downtime(const Options& options);
// Honest senders at 500 a second while strangers do what they can.
Figures measure_siege(const Options& options);
// Several runs over one set of pending timers, which takes long to write.
std::vector<Figures> measure_timers(const Options& options);

// The policies of `baton init`. `around_the_clock`: SLA clocks count at night and on Sundays too,
// so that a measurement does not depend on the day of the week, and no pool is ever used up.
std::string policy_text(const std::string& kind, bool around_the_clock);
std::shared_ptr<const Policy> template_policy(bool around_the_clock);

// The value at a share of all; nothing is interpolated. Sorts.
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

// A generator of its own (splitmix64): the same stream of work on every machine.
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
