#include "gateway/core/policy/policy.h"
#include "tests/bench/bench.h"

namespace baton::bench {
namespace {

constexpr int kQuestions = 200'000;
constexpr std::int64_t kFrom = 1'767'225'600'000;  // 2026-01-01

}  // namespace

// Office hours in Berlin with holidays, starts over two years, budgets from five minutes to ten
// days.
Figures measure_calendar() {
  const auto policy = template_policy(false);
  const auto* office = policy->calendars.find("office");
  if (office == nullptr) give_up("no calendar named office");
  Dice dice(7);
  std::vector<std::pair<Instant, Duration>> questions;
  constexpr std::int64_t kBudgets[] = {5, 240, 480, 1440, 4800};  // minutes
  for (int i = 0; i < kQuestions; ++i) {
    questions.emplace_back(
        Instant{kFrom + static_cast<std::int64_t>(dice.below(730ULL * 86'400'000))},
        minutes(kBudgets[dice.below(5)]));
  }
  std::int64_t sum = 0;
  const Stopwatch watch;
  for (const auto& [start, budget] : questions) {
    const auto due = office->add(start, budget);
    if (!due) give_up("never due");
    sum += due->ms & 1;
  }
  const double took = watch.seconds();
  if (sum > kQuestions) give_up("unreachable: keeps the loop from being optimised away");
  return {{"due_time_ns", took * 1e9 / kQuestions}};
}

}  // namespace baton::bench
