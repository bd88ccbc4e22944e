#include <algorithm>
#include <random>

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "tests/core/sim/core_sim.h"

// No lead is lost (requirement F29, hard rule 8).

namespace baton {
namespace {

// Random lives of one lead, with reps who come, go and have caps. At any time, a lead handed to
// sales has an owner, or waits in a pool with a clock and a time for the next request.
TEST(RoutingQueues, EveryLeadHasOneOwnerOrAQueueWithAClockAndARetry) {
  auto text = template_text("routing");
  text.replace(text.find("hours: ignore"), 13, "hours: respect");
  text.replace(text.find("when_nobody: escalate"), 21, "when_nobody: hold");
  const std::string absent =
      "absences:\n  - {rep: erika, from: 2026-03-03, until: 2026-03-12}\n  - {rep: max, from: "
      "2026-03-05, until: 2026-03-20}\n"
      "  - {rep: chris, from: 2026-03-06, until: 2026-03-09}\n";
  text.replace(text.find("absences: []"), 12, absent);
  const auto policy = template_policy({{"routing", text}});
  for (std::uint64_t seed = 1; seed <= 40; ++seed) {
    std::mt19937_64 engine(seed);
    const auto below = [&](int n) {
      return static_cast<int>(engine() % static_cast<std::uint64_t>(n));
    };
    CoreSim sim(policy);
    Instant now = at("2026-03-02T07:00:00Z");
    for (int i = 0; i < 40; ++i) {
      now = now + minutes(below(1500));
      sim.run_until(now);
      if (below(2) == 0) {
        sim.touch(now, demo_request(fmt::format("t{}", i), now));
      } else if (sim.person.lead && !sim.person.lead->owner.empty()) {
        auto f = says(below(2) == 0 ? FeedbackKind::kReject : FeedbackKind::kAttempt,
                      fmt::format("f{}", i), sim.person.lead->owner.str(), now);
        f.reason = below(2) == 0 ? "wrong_territory" : "no_fit";
        f.channel = "phone";
        f.outcome = "no_answer";
        sim.feedback(now, f);
      }
      const auto* lead = open_lead(sim.person);
      if (lead == nullptr || lead->stage == Stage::kLead) continue;
      const auto where = fmt::format("seed {}, step {}, {}", seed, i, to_string(lead->stage));
      ASSERT_FALSE(lead->pool.empty()) << where;
      if (!lead->owner.empty()) continue;
      ASSERT_TRUE(lead->ask_again_at.has_value()) << where;
      ASSERT_GT(*lead->ask_again_at, now - minutes(1)) << where;
      ASSERT_TRUE(sim.timers.contains("route")) << where;
      const bool clock = std::any_of(
          sim.person.clocks.begin(), sim.person.clocks.end(), [](const ClockInstance& c) {
            return c.state == ClockState::kRunning || c.state == ClockState::kPaused;
          });
      ASSERT_TRUE(clock) << where;
    }
    // A rep returns on 13 March, so no lead waits permanently.
    sim.run_until(std::max(now, at("2026-04-10T12:00:00Z")));
    const auto* lead = open_lead(sim.person);
    const bool waits = lead != nullptr && lead->stage == Stage::kMql && lead->owner.empty();
    EXPECT_FALSE(waits) << "seed " << seed;
  }
}

}  // namespace
}  // namespace baton
